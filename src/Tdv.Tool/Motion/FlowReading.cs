using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>
/// How much of the flow between two frames can be read from features, cell by cell: a small convolutional network learns
/// it from pairs made of pictures, whose flow is known exactly; it is measured on pairs made of other pictures.
/// </summary>
/// <param name="ml">The context.</param>
/// <param name="pictures">To make pairs to learn from; null: generated textures.</param>
/// <param name="others">To make pairs to measure on; of other pictures.</param>
/// <param name="settings">Sizes and numbers.</param>
internal sealed class FlowReading(MLContext ml, IDataView? pictures, IDataView? others, ReadingSettings settings)
{
    public const string Predicted = "PredictedFlow";
    public const string Flow = "Flow";
    private IDataView? _learned;
    private IDataView? _measured;

    /// <summary>What is to be beaten on held-out made pairs: the mean error of a cell if nothing moves.</summary>
    public double StandingStill(int patchSize)
    {
        float[][] truth = [.. Measured(patchSize).GetColumn<float[]>(Flow)];
        return CellError(truth, truth.Select(flow => new float[flow.Length]));
    }

    /// <summary>Fits a reading for each kind of features, which are computed once for all; each is used before the next.</summary>
    public IEnumerable<FittedReading> Read(Contender contender, params IReadOnlyList<ReadFeatures> kinds)
    {
        string[] columns = [.. kinds.SelectMany(kind => kind.Columns).Distinct(), Flow];
        var (learned, measured) = (Learned(contender.PatchSize), Measured(contender.PatchSize));
        var featurizer = ReadFeatures.Columnize(ml, contender, settings.Size).Fit(learned);
        try
        {
            var (train, test) = (Cached(learned), Cached(measured));
            foreach (var kind in kinds)
            {
                var options = new FlowReadingOptions { FeatureColumnNames = kind.Columns, Passes = settings.Passes };
                var reading = ml.Transforms.ReadFlow(Predicted, options).Fit(train);
                yield return new(ml, kind.Name, featurizer.Append(reading), settings.Size, test);
            }
        }
        finally
        {
            (featurizer as IDisposable)?.Dispose();
        }

        // What is too large for memory is computed in each pass.
        IDataView Cached(IDataView made)
        {
            var features = featurizer.Transform(made);
            bool large = KeptPair.AreTooLarge(made.GetRowCount() ?? 0, columns.Select(name => features.Schema[name]));
            return large ? features : ml.Data.Cache(features, columns);
        }
    }

    internal static double CellError(IEnumerable<float[]> truth, IEnumerable<float[]> estimate)
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

    private IDataView Learned(int patchSize) =>
        _learned ??= KeptPair.Keep(ml, ml.Data.MakeMovingPairs(pictures, settings.Learned(patchSize)));

    private IDataView Measured(int patchSize) =>
        _measured ??= KeptPair.Keep(ml, ml.Data.MakeMovingPairs(others, settings.Measured(patchSize)));
}
