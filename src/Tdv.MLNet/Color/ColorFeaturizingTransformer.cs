using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Color;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row what its picture's colors are, <c>Vector&lt;Single, gridHeight, gridWidth, 44&gt;</c>: for each cell
/// the means and the standard deviations of red, green and blue (0 to 1), y and x of its center (-1 to 1), and the
/// products of any two of these eight, squares among them. Lazy, row to row.
/// </summary>
public sealed class ColorFeaturizingTransformer : ColumnTransformer
{
    internal const string LoaderSignature = "TdvColorFeaturizing";
    private const string ModelSignature = "TDVCOLOR";
    private readonly ColorCells _cells;
    private readonly StoredOrientation _orientation;

    internal ColorFeaturizingTransformer(
        IHostEnvironment environment,
        string outputColumnName,
        string inputColumnName,
        ColorCells cells
    )
        : base(environment, outputColumnName, inputColumnName)
    {
        _cells = cells;
        _orientation = StoredOrientation.Of(environment);
    }

    private protected override string Step => "ColorFeaturize";

    private protected override IReadOnlyList<(string Name, ColumnKind Kind)> Inputs =>
        [(InputColumnName, ColumnKind.Image)];

    private protected override DataViewSchema.DetachedColumn Output =>
        new(
            OutputColumnName,
            new VectorDataViewType(NumberDataViewType.Single, _cells.Height, _cells.Width, ColorCells.Dimension)
        );

    private protected override BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        var getImage = row.GetGetter<MLImage>(columns[0]);
        var features = new float[_cells.Height * _cells.Width * ColorCells.Dimension];
        MLImage? image = null;
        return new ColumnKernel<float>(() =>
        {
            var picture = Getters.Image(getImage, InputColumnName, nameof(TdvCatalog.ColorFeaturize), ref image);
            _orientation.Look(picture, InputColumnName);
            _cells.Describe(picture, features);
            return features;
        });
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        var writer = MLNetInternals.Writer(context);
        writer.Write(OutputColumnName);
        writer.Write(InputColumnName);
        writer.Write(_cells.Height);
        writer.Write(_cells.Width);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static ColorFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var reader = MLNetInternals.Reader(ctx);
        string output = reader.ReadString();
        string input = reader.ReadString();
        int height = reader.ReadInt32();
        int width = reader.ReadInt32();
        var faults = new Faults();
        ColorCells.Check(height, width, faults);
        return faults.Count == 0
            ? new(env, output, input, new ColorCells(height, width))
            : throw new InvalidDataException(
                $"The saved ColorFeaturize step is damaged: its grid is {height}×{width} cells. Save the model again."
            );
    }
}
