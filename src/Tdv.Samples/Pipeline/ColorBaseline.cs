using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.Samples.Output;

namespace Tdv.Samples.Pipeline;

/// <summary>
/// Features without any network, to be beaten: each patch's mean color, the spread of its colors, its position, and all
/// products of two of these.
/// </summary>
internal sealed class ColorBaseline(int gridHeight, int gridWidth, int patchSize)
{
    private const int Channels = 3;
    private const int Basic = (2 * Channels) + 2;
    private const int Dimension = Basic + (Basic * (Basic + 1) / 2);

    /// <summary>Adds the features, <c>[gridHeight, gridWidth, 44]</c>, of the image at <c>Path</c>.</summary>
    public IEstimator<ITransformer> Create(MLContext ml)
    {
        var output = SchemaDefinition.Create(typeof(FeaturesRow));
        output[nameof(FeaturesRow.Features)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            gridHeight,
            gridWidth,
            Dimension
        );
        return ml.Transforms.CustomMapping<PathRow, FeaturesRow>(
            (row, features) => features.Features = Compute(row.Path),
            contractName: null,
            outputSchemaDefinition: output
        );
    }

    private float[] Compute(string path)
    {
        using var image = Cv2.ImRead(path, ImreadModes.Color);
        if (image.Empty())
        {
            throw new UserException($"The image '{path}' cannot be read: it is damaged or not a picture.");
        }

        using var resized = new Mat();
        var size = new Size(gridWidth * patchSize, gridHeight * patchSize);
        Cv2.Resize(
            image,
            resized,
            size,
            0,
            0,
            size.Width < image.Width ? InterpolationFlags.Area : InterpolationFlags.Linear
        );
        var features = new float[gridHeight * gridWidth * Dimension];
        for (int cell = 0; cell < gridHeight * gridWidth; cell++)
        {
            var target = features.AsSpan(cell * Dimension, Dimension);
            Describe(resized, cell / gridWidth, cell % gridWidth, target[..Basic]);
            Multiply(target);
        }

        return features;
    }

    private void Describe(Mat image, int y, int x, Span<float> target)
    {
        using var patch = image[new Rect(x * patchSize, y * patchSize, patchSize, patchSize)];
        Cv2.MeanStdDev(patch, out var mean, out var deviation);
        for (int channel = 0; channel < Channels; channel++)
        {
            target[channel] = (float)mean[channel] / 255;
            target[Channels + channel] = (float)deviation[channel] / 255;
        }

        target[2 * Channels] = (((y + 0.5f) / gridHeight) * 2) - 1;
        target[(2 * Channels) + 1] = (((x + 0.5f) / gridWidth) * 2) - 1;
    }

    private static void Multiply(Span<float> target)
    {
        int at = Basic;
        for (int i = 0; i < Basic; i++)
        {
            for (int j = i; j < Basic; j++)
            {
                target[at++] = target[i] * target[j];
            }
        }
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class FeaturesRow
    {
        public float[] Features { get; set; } = [];
    }
}
