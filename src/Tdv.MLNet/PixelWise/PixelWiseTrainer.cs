using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet;

/// <summary>
/// Trains any multiclass trainer on pixels, as OneVersusAll trains a binary one on classes: image rows in, a transformer
/// from image rows to masks out.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Trainer Characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Multiclass classification, of each pixel |
/// | Is normalization required? | No: features are standardized and whitened, see PixelWiseOptions.Whiten |
/// | Is caching required? | No: the rows are read once, the sampled pixels are kept in memory |
/// | Required NuGet in addition to Microsoft.ML | Tdv.MLNet, and whatever the inner trainer needs |
/// | Exportable to ONNX | No; the features are, by TdvModel.ExportOnnx |
///
/// ### Input and Output Columns
/// The features are known-size vectors of <xref:System.Single>, gridHeight × gridWidth × D, the label a vector of
/// [key](xref:Microsoft.ML.Data.KeyDataViewType) type with a key for each pixel of the image, row by row. Added are
///
/// | Output Column Name | Column Type | Description|
/// | -- | -- | -- |
/// | `PredictedLabel` | Vector of [key](xref:Microsoft.ML.Data.KeyDataViewType) type | The class of each pixel, height × width |
/// | `PredictedLabelSize` | Vector of two <xref:System.Int32> | Height and width of that mask, where there is an image column |
/// | `Score` | Known-size vector of <xref:System.Single> | The score of each class for each cell, gridHeight × gridWidth × classes |
/// ]]></format>
/// </remarks>
public sealed class PixelWiseTrainer : IEstimator<PixelWiseTransformer>
{
    private const string SchemaHeadline = "PixelWise cannot use these columns:";
    private const long MuchMemory = 2L << 30;

    private readonly IHost _host;
    private readonly IEstimator<ITransformer> _trainer;
    private readonly PixelWiseOptions _options;

    internal PixelWiseTrainer(IHostEnvironment environment, IEstimator<ITransformer> trainer, PixelWiseOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = environment.Register(nameof(PixelWiseTrainer));
        _trainer = trainer;
        _options = options;
    }

    /// <summary>Samples pixels in one pass over the image rows, then trains on them in memory.</summary>
    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidDataException">A mask has another size than its image, or a feature is not finite.</exception>
    /// <exception cref="InvalidOperationException">Fewer than two classes occur.</exception>
    /// <exception cref="OperationCanceledException">The MLContext was canceled.</exception>
    public PixelWiseTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var seed = _options.Seed ?? MLNetInternals.Seed(_host) ?? 0;
        var pixels = new PixelExpansionView(input, _options.Expansion, seed, SchemaHeadline);
        PixelWiseCheck.Trainer(_trainer);
        return Train(Sample(pixels), pixels);
    }

    /// <summary>Trains on sampled pixels, whose features are whitened in place.</summary>
    internal PixelWiseTransformer Train(PixelTable table, PixelExpansionView pixels)
    {
        using var channel = _host.Start("PixelWise");
        var classes = PresentClasses.Of(table, pixels.Legend.Count);
        CheckClasses(classes, pixels.Legend);

        AffineMap? whitening = null;
        if (_options.Whiten)
        {
            whitening = Whitening.Fit(table);
            Whitening.Apply(whitening, table);
        }

        var legend = classes.Select(pixels.Legend);
        var rows = new PixelTableView(table, classes, PixelSchema.Create(table.Dimension, legend));
        channel.Info(
            MessageSensitivity.None,
            "Training on {0} pixels of {1} features, classes: {2}",
            table.Count,
            table.Dimension,
            string.Join(", ", legend.Names)
        );
        var model = _trainer.Fit(rows);
        var probabilities = ModelCellScorer.GivesProbabilities(model, table, legend);
        return new PixelWiseTransformer(
            _host,
            new PixelWiseModel(_options, pixels.Legend, classes, pixels.Source.Grid.Depths, whitening, probabilities),
            model
        );
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToDictionary(column => column.Name);
        var faults = new Faults();
        foreach (var name in _options.FeatureColumnNames)
        {
            ColumnCheck.Require(columns, name, ColumnKind.Grid, faults);
        }

        ColumnCheck.Require(columns, _options.LabelColumnName, ColumnKind.Mask, faults);
        if (_options.ImageColumnName is { } image)
        {
            ColumnCheck.Require(columns, image, ColumnKind.Image, faults);
        }

        faults.ThrowIfAny(SchemaHeadline);
        PixelWiseCheck.Trainer(_trainer);
        var added = new DataViewSchema.Builder();
        added.AddColumns(PixelWiseMapper.OutputColumns(_options, PixelWiseCheck.AnyLegend, 1, 1));
        foreach (var column in MLNetInternals.ShapeOf(added.ToSchema()))
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    /// <summary>Takes the pixels into memory, in one pass over the images.</summary>
    internal PixelTable Sample(PixelExpansionView pixels)
    {
        using var channel = _host.Start("PixelWise");
        var table = new PixelTable(pixels.Source.Grid.Dimension);
        using var cursor = pixels.GetRowCursor(pixels.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(pixels.Schema[PixelSchema.Features]);
        var label = cursor.GetGetter<uint>(pixels.Schema[PixelSchema.Label]);
        VBuffer<float> values = default;
        uint key = 0;
        var warned = false;
        while (cursor.MoveNext())
        {
            if (MLNetInternals.IsCanceled(_host))
            {
                throw new OperationCanceledException("The training of the pixel classifier was canceled.");
            }

            features(ref values);
            label(ref key);
            table.Add(values.GetValues(), key);
            if (!warned && table.Bytes > MuchMemory)
            {
                warned = true;
                MLNetInternals.Warn(
                    channel,
                    "The sampled pixels take more than 2 GB of memory, and trainers copy them. Lower SamplesPerImage "
                        + $"({_options.SamplesPerImage}) to need less."
                );
            }
        }

        return table;
    }

    private void CheckClasses(PresentClasses classes, MaskLegend legend)
    {
        if (classes.Count < 2)
        {
            var found = classes.Count == 0 ? "no class" : $"only the class '{legend.Names[classes.Indices[0]]}'";
            throw new InvalidOperationException(
                $"The masks in '{_options.LabelColumnName}' hold {found} besides ignored pixels, but a classifier needs at "
                    + "least two classes. Add images whose masks hold others."
            );
        }
    }
}
