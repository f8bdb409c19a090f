using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>
/// How much of the flow between two frames can be read from features, cell by cell: a ridge regression on pairs made of
/// pictures, whose flow is known exactly, then measured on other made pairs and on true ones.
/// </summary>
/// <param name="ml">The context.</param>
/// <param name="pictures">To make pairs to learn from; null: generated textures.</param>
/// <param name="others">To make pairs to measure on; of other pictures.</param>
/// <param name="pairs">True pairs.</param>
/// <param name="settings">Sizes and numbers.</param>
internal sealed class FlowReading(
    MLContext ml,
    IDataView? pictures,
    IDataView? others,
    IReadOnlyList<TruePair> pairs,
    ReadingSettings settings
)
{
    private const string Predicted = "PredictedFlow";
    private const string Flow = "Flow";
    private IDataView? _learned;
    private IDataView? _measured;

    /// <summary>The rows of an evaluation: standing still, raw pixels, then untrained and trained networks.</summary>
    /// <param name="models">Weights, runs or models, one for each seed; all of one architecture.</param>
    public IEnumerable<ReadingResult> All(IReadOnlyList<string> models)
    {
        foreach (var contender in Contender.All(ml, models))
        {
            using (contender)
            {
                bool isPixels = contender.Model is null;
                if (isPixels)
                {
                    yield return StandingStill(contender.PatchSize);
                }

                foreach (var result in Read(contender, isPixels ? [ReadFeatures.Pixels] : [ReadFeatures.Motion]))
                {
                    yield return result;
                }
            }
        }
    }

    /// <summary>What is to be beaten: nothing moves.</summary>
    public ReadingResult StandingStill(int patchSize)
    {
        var made = Measured(patchSize);
        return new(
            "standing still",
            "–",
            double.NaN,
            CellError(
                made.GetColumn<float[]>(Flow),
                made.GetColumn<float[]>(Flow).Select(flow => new float[flow.Length])
            ),
            [.. pairs.Select(pair => Errors(pair, new float[2], 1, 1))]
        );
    }

    /// <summary>Fits a reading for each kind of features, which are computed once for all.</summary>
    public IEnumerable<ReadingResult> Read(Contender contender, IReadOnlyList<ReadFeatures> kinds)
    {
        string[] columns = [.. kinds.SelectMany(kind => kind.Columns).Distinct(), Flow];
        var (learned, measured) = (Learned(contender.PatchSize), Measured(contender.PatchSize));
        var featurizer = ReadFeatures.Columnize(ml, contender, settings.Size).Fit(learned);
        try
        {
            var (train, test) = (Cached(learned), Cached(measured));
            foreach (var kind in kinds)
            {
                var options = new FlowReadingOptions
                {
                    FeatureColumnNames = kind.Columns,
                    Neighborhood = kind.Neighborhood,
                };
                var reading = ml.Transforms.ReadFlow(Predicted, options).Fit(train);
                yield return new(
                    contender.Name,
                    kind.Name,
                    reading.Regularization,
                    CellError(test.GetColumn<float[]>(Flow), reading.Transform(test).GetColumn<float[]>(Predicted)),
                    [.. pairs.Select(pair => Errors(pair, featurizer.Append(reading)))]
                );
            }
        }
        finally
        {
            (featurizer as IDisposable)?.Dispose();
        }

        IDataView Cached(IDataView made) => ml.Data.Cache(featurizer.Transform(made), columns);
    }

    private IDataView Learned(int patchSize) =>
        _learned ??= KeptPair.Keep(ml, ml.Data.MakeMovingPairs(pictures, settings.Learned(patchSize)));

    private IDataView Measured(int patchSize) =>
        _measured ??= KeptPair.Keep(ml, ml.Data.MakeMovingPairs(others, settings.Measured(patchSize)));

    private static double CellError(IEnumerable<float[]> truth, IEnumerable<float[]> estimate)
    {
        double sum = 0;
        long count = 0;
        foreach (var (expected, found) in truth.Zip(estimate))
        {
            for (int i = 0; i < expected.Length; i += 2)
            {
                if (float.IsFinite(expected[i]))
                {
                    sum += double.Hypot(found[i] - expected[i], found[i + 1] - expected[i + 1]);
                    count++;
                }
            }
        }

        return sum / count;
    }

    private FlowMetrics Errors(TruePair pair, TransformerChain<FlowReadingTransformer> reader)
    {
        PictureRow[] row =
        [
            new() { Path = Path.GetFullPath(pair.Frame), PreviousPath = Path.GetFullPath(pair.Previous) },
        ];
        var paths = ml.Data.LoadFromEnumerable(row);
        var images = ml
            .Transforms.LoadImages("Frame", "", nameof(PictureRow.Path))
            .Append(ml.Transforms.LoadImages("PreviousFrame", "", nameof(PictureRow.PreviousPath)));
        var flow = reader.Transform(images.Fit(paths).Transform(paths));
        int cells = ((VectorDataViewType)flow.Schema[Predicted].Type).Dimensions[0];
        return Errors(pair, flow.GetColumn<float[]>(Predicted).Single(), cells, settings.Size);
    }

    /// <param name="cells">Flow of cells, <c>[count, count, 2]</c>, in pixels of a square.</param>
    /// <param name="count">Of cells to each side.</param>
    /// <param name="size">The square's edge.</param>
    private static FlowMetrics Errors(TruePair pair, float[] cells, int count, int size)
    {
        var (height, width) = (pair.Truth.Height, pair.Truth.Width);
        using var coarse = Mat.FromPixelData(count, count, MatType.CV_32FC2, cells);
        using var fine = coarse.Resize(new Size(width, height), 0, 0, InterpolationFlags.Linear);
        fine.GetArray(out Vec2f[] flow);
        var estimate = new FlowField(
            height,
            width,
            [.. flow.Select(motion => motion.Item0 * width / size)],
            [.. flow.Select(motion => motion.Item1 * height / size)]
        );
        var errors = new FlowErrors();
        errors.Add(pair.Truth, estimate, pair.Name);
        return errors.ToMetrics();
    }
}
