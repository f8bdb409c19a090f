using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Torch;

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

    public FeatureMetrics Run(IDataView train, IDataView test)
    {
        int seed = options.Pixels.Seed ?? MLNetInternals.Seed(environment) ?? 0;
        var pixels = new PixelExpansionView(train, options.Pixels.Expansion, seed, $"{Headline} to train on:");
        var source = PixelSource.Bind(test.Schema, options.Pixels.Expansion, $"{Headline} to test on:");
        CheckAlike(pixels, source);

        var probe = new PixelWiseTrainer(environment, trainer, options.Pixels);
        var table = probe.Sample(pixels);
        var present = PresentClasses.Of(table, pixels.Legend.Count);
        var scorers = new List<CellScorer>();
        if (options.Neighbors > 0)
        {
            // Before the probe whitens the table.
            scorers.Add(new NeighborCellScorer(table, present, options, seed));
        }

        using var model = probe.Train(table, pixels);
        scorers.Insert(0, model.CreateScorer(source.Grid.Cells));
        CellPainter[] painters =
        [
            .. scorers.Select(scorer => new CellPainter(
                scorer,
                present,
                source.Grid,
                new MaskConfusion(pixels.Legend.Names, options.Pixels.LabelColumnName, "the prediction")
            )),
        ];
        try
        {
            Paint(test, source, painters);
            return new FeatureMetrics(painters[0].ToMetrics(), painters.ElementAtOrDefault(1)?.ToMetrics());
        }
        finally
        {
            Array.ForEach(painters, painter => painter.Dispose());
        }
    }

    private static void Paint(IDataView test, PixelSource source, CellPainter[] painters)
    {
        using var cursor = test.GetRowCursor([.. source.Grid.Columns, .. source.MaskColumns]);
        var features = new GridReader(cursor, source.Grid);
        var mask = new MaskReader(cursor, source);
        while (cursor.MoveNext())
        {
            features.Read();
            mask.Read();
            foreach (var painter in painters)
            {
                painter.Add(features.Cells, mask.Keys, mask.Stretch.Y.Pixels, mask.Stretch.X.Pixels, cursor.Position);
            }
        }
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
