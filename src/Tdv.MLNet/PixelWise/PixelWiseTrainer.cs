using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Trains any multiclass trainer on pixels, as OneVersusAll trains a binary one on classes: image rows in, a transformer
/// from image rows to masks out.
/// </summary>
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
        CheckTrainer();
        using var channel = _host.Start("PixelWise");
        var table = Sample(pixels, channel);
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
        var probabilities = ScoreCheck.GivesProbabilities(model, table, legend);
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
        CheckShapes(columns);
        CheckTrainer();
        var known = _options.ImageColumnName is null
            ? SchemaShape.Column.VectorKind.Vector
            : SchemaShape.Column.VectorKind.VariableVector;
        columns[_options.PredictedLabelColumnName] = MLNetInternals.ShapeColumn(
            _options.PredictedLabelColumnName,
            known,
            NumberDataViewType.UInt32,
            isKey: true,
            MaskLegend.AnnotationShape()
        );
        columns[_options.ScoreColumnName] = MLNetInternals.ShapeColumn(
            _options.ScoreColumnName,
            SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single
        );
        return new SchemaShape(columns.Values);
    }

    private PixelTable Sample(PixelExpansionView pixels, IChannel channel)
    {
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
            CheckFinite(values.GetValues(), table.Count);
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

    /// <summary>One such value would spoil the whitening of all others.</summary>
    private void CheckFinite(ReadOnlySpan<float> features, int pixel)
    {
        foreach (var value in features)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidDataException(
                    $"Sampled pixel {pixel} has the feature {value} in {string.Join(", ", _options.FeatureColumnNames)}; "
                        + "finite numbers are expected. The featurizer's training has diverged or its input is damaged."
                );
            }
        }
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

    private void CheckShapes(Dictionary<string, SchemaShape.Column> columns)
    {
        var faults = new Faults();
        foreach (var name in _options.FeatureColumnNames)
        {
            Check(
                name,
                "Vector<Single, height, width, dimension>",
                c => c.Kind == SchemaShape.Column.VectorKind.Vector && c.ItemType == NumberDataViewType.Single
            );
        }

        Check(
            _options.LabelColumnName,
            "Vector<Key<UInt32>>",
            c => c.Kind != SchemaShape.Column.VectorKind.Scalar && c.IsKey && c.ItemType == NumberDataViewType.UInt32
        );
        if (_options.ImageColumnName is { } image)
        {
            Check(image, "Image", c => c.ItemType is ImageDataViewType);
        }

        faults.ThrowIfAny(SchemaHeadline);

        void Check(string name, string expected, Func<SchemaShape.Column, bool> fits)
        {
            if (!columns.TryGetValue(name, out var column))
            {
                faults.Add($"there is no column '{name}'; {expected} is expected.");
            }
            else if (!fits(column))
            {
                var key = column.IsKey ? "Key " : "";
                var found = string.Create(CultureInfo.InvariantCulture, $"{column.Kind} of {key}{column.ItemType}");
                faults.Add($"column '{name}' is a {found}; {expected} is expected.");
            }
        }
    }

    /// <summary>A trainer made for other column names is refused before any image is read.</summary>
    private void CheckTrainer()
    {
        var legend = new MaskLegend(["a", "b"], [0, 1], [0, 0]);
        var rows = MLNetInternals.ShapeOf(PixelSchema.Create(1, legend));
        SchemaShape output;
        try
        {
            output = _trainer.GetOutputSchema(rows);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException(
                "The trainer given to PixelWise does not accept pixel rows, which have the columns 'Features' "
                    + "(Vector<Single>) and 'Label' (Key<UInt32>). Give it these column names. It says: "
                    + exception.Message,
                exception
            );
        }

        if (
            !MLNetInternals.TryFind(output, "Score", out var score)
            || score.Kind == SchemaShape.Column.VectorKind.Scalar
            || score.ItemType != NumberDataViewType.Single
        )
        {
            throw new ArgumentException(
                "The trainer given to PixelWise gives no column 'Score' of type Vector<Single>. Give a multiclass trainer."
            );
        }
    }
}
