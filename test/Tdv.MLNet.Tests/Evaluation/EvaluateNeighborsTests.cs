using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class EvaluateNeighborsTests
{
    private readonly MLContext _ml = new();

    [Fact]
    public void Figures_are_those_computed_by_hand()
    {
        // Cosines to (1, 0): 1, 0.8, 0.6 for the classes 1, 2, 2. At temperature 1 the two of class 2 outvote the nearest.
        var train = View((1, [1, 0]), (2, [0.8f, 0.6f]), (2, [0.6f, 0.8f]), (0, [1, 0]));
        var test = View((1, [1, 0]), (2, [2, 0]), (3, [1, 0]), (0, [1, 0]));

        var metrics = _ml.MulticlassClassification.EvaluateNeighbors(train, test, neighbors: [1, 3], temperature: 1);

        Assert.Equal([1, 3], metrics.Select(m => m.Neighbors));
        Assert.All(metrics, m => Assert.Equal(3, m.RowCount));
        // One neighbor: it is of class 1. Three: class 2 is first, class 1 second; nobody votes for class 3.
        Assert.Equal([1 / 3.0, 1 / 3.0], metrics.Select(m => m.Top1Accuracy));
        Assert.Equal([1 / 3.0, 2 / 3.0], metrics.Select(m => m.Top5Accuracy));
    }

    [Fact]
    public void A_low_temperature_lets_the_nearest_decide()
    {
        var train = View((1, [1, 0]), (2, [0.8f, 0.6f]), (2, [0.6f, 0.8f]));

        var metrics = _ml.MulticlassClassification.EvaluateNeighbors(train, View((1, [1, 0])));

        Assert.Equal([10, 20], metrics.Select(m => m.Neighbors));
        Assert.All(metrics, m => Assert.Equal(1, m.Top1Accuracy));
    }

    [Fact]
    public void All_that_does_not_fit_is_told_at_once()
    {
        var view = View((1, [1, 0]));

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.EvaluateNeighbors(view, view, "Features", "None", [0], temperature: 0)
        );

        Assert.Equal(
            """
            EvaluateNeighbors cannot work:
            - neighbors are [0]; give at least one number, each 1 or more.
            - temperature is 0; it must be above 0.
            - column 'Features' is of type Vector<Single, 2>; Key<UInt32> is expected, as MapValueToKey gives it, in the data to train on.
            - there is no column 'None' among 'Label', 'Features'; Vector<Single> of known size is expected, in the data to train on.
            - column 'Features' is of type Vector<Single, 2>; Key<UInt32> is expected, as MapValueToKey gives it, in the data to test on.
            - there is no column 'None' among 'Label', 'Features'; Vector<Single> of known size is expected, in the data to test on.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void Rows_without_a_class_alone_are_an_error()
    {
        var none = View((0, [1, 0]));

        var error = Assert.Throws<InvalidOperationException>(() =>
            _ml.MulticlassClassification.EvaluateNeighbors(View((1, [1, 0])), none)
        );

        Assert.Equal("No test row has a class in 'Label'.", error.Message);
    }

    private IDataView View(params (uint Label, float[] Features)[] rows) =>
        _ml.Data.LoadFromEnumerable(
            // ML.NET counts the keys of a class's single values from 0, those of its arrays from 1.
            rows.Select(row => new Row { Label = unchecked(row.Label - 1), Features = row.Features })
        );

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
