using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Evaluation;

/// <summary>
/// Trains a probe on frozen features and seeks neighbors among the same pixels, then paints the test images with both:
/// one pass over the training images, one over the test images.
/// </summary>
internal sealed class FeatureEvaluator(
    IHostEnvironment environment,
    IEstimator<ITransformer> trainer,
    FeatureEvaluationOptions options
)
{
    private const string Headline = "EvaluateFeatures cannot use these columns";

    /// <summary>Scores of cells are stretched; neither a stride nor edges.</summary>
    private static readonly PixelWiseOptions Plain = new();

    public FeatureMetrics Run(IDataView train, IDataView test)
    {
        int seed = options.Pixels.Seed ?? MLNetInternals.Seed(environment) ?? 0;
        var pixels = new PixelExpansionView(train, options.Pixels.Expansion, seed, $"{Headline} to train on:");
        var source = PixelSource.Bind(test.Schema, options.Pixels.Expansion, $"{Headline} to test on:");
        CheckAlike(pixels, source);

        var probe = new PixelWiseTrainer(environment, trainer, options.Pixels);
        var table = probe.Sample(pixels);
        var present = PresentClasses.Of(table, pixels.Legend.Count);
        // Before the probe whitens the table.
        var neighbors = options.Neighbors > 0 ? new NeighborCellScorer(table, present, options, seed) : null;
        using var model = probe.Train(table, pixels);
        var trained = model.CreateScorer(source.Grid.Cells);
        CellScorer[] scorers = neighbors is null ? [trained] : [trained, neighbors];
        CellPainter[] painters = [.. scorers.Select(scorer => new CellPainter(scorer, Plain, present, source.Grid))];
        try
        {
            var metrics = Paint(test, source, painters, pixels.Legend);
            return new FeatureMetrics(metrics[0], metrics.ElementAtOrDefault(1));
        }
        finally
        {
            Array.ForEach(painters, painter => painter.Dispose());
        }
    }

    private MaskMetrics[] Paint(IDataView test, PixelSource source, CellPainter[] painters, MaskLegend legend)
    {
        MaskConfusion[] confusions =
        [
            .. painters.Select(_ => new MaskConfusion(legend.Names, options.Pixels.LabelColumnName, "the prediction")),
        ];
        using var cursor = test.GetRowCursor([.. source.Grid.Columns, .. source.MaskColumns]);
        var features = new GridReader(cursor, source.Grid);
        var mask = new MaskReader(cursor, source);
        while (cursor.MoveNext())
        {
            features.Read();
            mask.Read();
            foreach (var (painter, confusion) in painters.Zip(confusions))
            {
                painter.Score(features.Cells);
                var size = (mask.Stretch.Y.Pixels, mask.Stretch.X.Pixels);
                confusion.Add(mask.Keys, painter.Paint(features.Cells, size, image: null), cursor.Position);
            }
        }

        return [.. confusions.Select(confusion => confusion.ToMetrics())];
    }

    private void CheckAlike(PixelExpansionView train, PixelSource test)
    {
        var faults = new Faults();
        var names = options.Pixels.FeatureColumnNames;
        for (int i = 0; i < names.Count; i++)
        {
            int expected = train.Source.Grid.Depths[i];
            faults.Check(
                test.Grid.Depths[i] == expected,
                $"feature column '{names[i]}' has {expected} features per cell to train on, but {test.Grid.Depths[i]} to "
                    + "test on. Use one featurizer for both."
            );
        }

        string[] classes = MaskLegend.Of(test.Mask).Names;
        faults.Check(
            classes.SequenceEqual(train.Legend.Names),
            $"'{options.Pixels.LabelColumnName}' has the classes {string.Join(", ", train.Legend.Names)} to train on, but "
                + $"{string.Join(", ", classes)} to test on. Load both with the same classes."
        );
        faults.ThrowIfAny("EvaluateFeatures cannot compare these data:");
    }
}
