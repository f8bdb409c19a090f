using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Evaluation;

/// <summary>
/// Classifies vectors, such as CLS features, by their nearest neighbors, as the official code does (reference §12): raw
/// cosine similarity, votes of softmax(similarity / temperature).
/// </summary>
internal sealed class NeighborClassification(string labelName, string featureName)
{
    private const int Top = 5;
    private const int QueriesAtOnce = 512;

    /// <param name="neighbors">How many vote; a figure for each.</param>
    public IReadOnlyList<NeighborMetrics> Run(
        IDataView train,
        IDataView test,
        IReadOnlyList<int> neighbors,
        double temperature
    )
    {
        var (dimension, classes) = Check(train.Schema, test.Schema, neighbors, temperature);
        var references = Read(train).ToArray();
        if (references.Length == 0)
        {
            throw new InvalidOperationException($"No training row has a class in '{labelName}'.");
        }

        var index = new NeighborIndex(
            [.. references.SelectMany(row => row.Features)],
            [.. references.Select(row => row.Class)],
            dimension
        );
        int most = Math.Min(neighbors.Max(), index.Count);
        var first = new long[neighbors.Count];
        var five = new long[neighbors.Count];
        long rows = 0;
        var votes = new float[classes];
        foreach (var batch in Read(test).Chunk(QueriesAtOnce))
        {
            float[] queries = [.. batch.SelectMany(row => row.Features)];
            var (similarities, found) = index.Find(queries, batch.Length, most);
            rows += batch.Length;
            for (int i = 0; i < batch.Length * neighbors.Count; i++)
            {
                var (row, k) = Math.DivRem(i, neighbors.Count);
                int voters = Math.Min(neighbors[k], most);
                NeighborIndex.Vote(
                    similarities.AsSpan(row * most, voters),
                    found.AsSpan(row * most, voters),
                    temperature,
                    votes
                );
                int rank = Rank(votes, batch[row].Class);
                first[k] += rank == 0 ? 1 : 0;
                five[k] += rank < Top ? 1 : 0;
            }
        }

        return rows == 0
            ? throw new InvalidOperationException($"No test row has a class in '{labelName}'.")
            :
            [
                .. neighbors.Select(
                    (k, i) => new NeighborMetrics(k, (double)first[i] / rows, (double)five[i] / rows, rows)
                ),
            ];
    }

    /// <summary>The classes with more votes, and those with as many that come first; a class without a vote has lost.</summary>
    private static int Rank(float[] votes, int wanted) =>
        votes[wanted] == 0
            ? int.MaxValue
            : Enumerable
                .Range(0, votes.Length)
                .Count(c => votes[c] > votes[wanted] || (votes[c] == votes[wanted] && c < wanted));

    private IEnumerable<(float[] Features, int Class)> Read(IDataView data)
    {
        var label = data.Schema[labelName];
        var features = data.Schema[featureName];
        using var cursor = data.GetRowCursor([label, features]);
        var getLabel = cursor.GetGetter<uint>(label);
        var getFeatures = FiniteValues.Getter(cursor, features);
        uint key = 0;
        VBuffer<float> values = default;
        while (cursor.MoveNext())
        {
            getLabel(ref key);
            if (key > 0)
            {
                getFeatures(ref values);
                yield return ([.. values.DenseValues()], (int)key - 1);
            }
        }
    }

    private (int Dimension, int Classes) Check(
        DataViewSchema train,
        DataViewSchema test,
        IReadOnlyList<int> neighbors,
        double temperature
    )
    {
        var faults = new Faults();
        faults.Check(
            neighbors.Count > 0 && neighbors.All(k => k >= 1),
            $"neighbors are [{string.Join(", ", neighbors)}]; give at least one number, each 1 or more."
        );
        faults.Check(
            temperature > 0,
            FormattableString.Invariant($"temperature is {temperature}; it must be above 0.")
        );
        var (dimension, classes) = Shape(train, "train on", faults);
        var found = Shape(test, "test on", faults);
        faults.Check(
            faults.Count > 0 || (dimension, classes) == found,
            $"there are {dimension} features and {classes} classes to train on, but {found.Dimension} and {found.Classes} "
                + "to test on."
        );
        faults.ThrowIfAny("EvaluateNeighbors cannot work:");
        return (dimension, classes);
    }

    private (int Dimension, int Classes) Shape(DataViewSchema schema, string use, Faults faults)
    {
        var label = Require(labelName, ColumnKind.Key)?.Type as KeyDataViewType;
        var features = Require(featureName, ColumnKind.Numbers)?.Type as VectorDataViewType;
        return (features?.Size ?? 0, (int)(label?.Count ?? 0));

        DataViewSchema.Column? Require(string name, ColumnKind kind) =>
            ColumnCheck.Require(
                schema,
                name,
                kind with
                {
                    Expectation = $"{kind.Expectation}, in the data to {use}",
                },
                faults
            );
    }
}
