using Microsoft.ML;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class FlowEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>An estimate of half as many cells, the same everywhere, is stretched to the truth's size.</summary>
    [Fact]
    public void Evaluation_stretches_a_grid_and_leaves_out_what_is_not_known()
    {
        float[] truth =
        [
            .. Enumerable.Range(0, 2 * MovedPair.Rows * MovedPair.Columns).Select(i => i % 2 == 0 ? 3f : 4),
        ];
        truth[0] = float.NaN;
        float[] zero = new float[2 * (MovedPair.Rows / 2) * (MovedPair.Columns / 2)];
        var view = _ml.Data.LoadFromEnumerable([new TwoGrids { TrueFlow = truth, Estimate = zero }]);
        var metrics = _ml.Regression.EvaluateFlow(view, "TrueFlow", "Estimate");

        Assert.Equal((5, 1, 1, 47), (metrics.EndPointError, metrics.FlAll, metrics.Within5, metrics.PixelCount));
        var error = Assert.Throws<ArgumentException>(() => _ml.Regression.EvaluateDisparity(view, "TrueFlow", "Gone"));
        Assert.Equal(
            "EvaluateDisparity cannot use these columns:\n- column 'TrueFlow' is of type Vector<Single, 6, 8, 2>; "
                + "Vector<Single, rows, columns> is expected, as EstimateDisparity gives it.\n"
                + "- there is no column 'Gone' among 'TrueFlow', 'Estimate'; Vector<Single, rows, columns> is expected, as "
                + "EstimateDisparity gives it.",
            error.Message
        );
    }
}
