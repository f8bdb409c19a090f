using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>How good disparity is that comes from features, beside simpler and classic ways.</summary>
internal sealed class StereoEvaluation(MatchingSettings settings)
    : MatchingEvaluation<StereoPair, DisparityMap, DisparityMetrics>(settings)
{
    protected override string Name => "stereo";

    protected override (string Title, string Note) Heading =>
        (
            "Disparity from features",
            "MAE (mean absolute error) in pixels, else percent of pixels whose error is above so many pixels; over all "
                + "pixels of all pairs whose true disparity is known. The best constant is each pair's median, taken from "
                + "the truth. SGBM: OpenCV."
        );

    protected override IReadOnlyList<string> Figures => ["MAE", "bad 0.5", "bad 1", "bad 2", "bad 4"];

    protected override IReadOnlyList<(string Name, Func<StereoPair, DisparityMap> Estimate)> Classic =>
        [
            ("best constant", Constant),
            ("SGBM", pair => ClassicStereo.SemiGlobal(pair.Left, pair.Right, Settings.Reach)),
        ];

    protected override IReadOnlyList<StereoPair> Find() => StereoPairs.Find(Settings.Data);

    protected override string NameOf(StereoPair pair) => pair.Name;

    protected override DisparityMap Truth(StereoPair pair) => DisparityMap.Load(pair.Truth, pair.Divisor);

    protected override DisparityMap Estimate(FeatureMatching matching, StereoPair pair) =>
        matching.Disparity(pair.Left, pair.Right);

    protected override DisparityMetrics Measure(
        IEnumerable<(StereoPair Pair, DisparityMap Truth, DisparityMap Estimate)> estimates
    )
    {
        var errors = new DisparityErrors();
        foreach (var (pair, truth, estimate) in estimates)
        {
            errors.Add(truth, estimate, pair.Name);
        }

        return errors.ToMetrics();
    }

    protected override IReadOnlyList<double> FiguresOf(DisparityMetrics metrics) =>
        [metrics.MeanAbsoluteError, 100 * metrics.Bad05, 100 * metrics.Bad1, 100 * metrics.Bad2, 100 * metrics.Bad4];

    protected override MLImage Paint(DisparityMap field, DisparityMap truth) => DisparityPicture.Paint(field, truth);

    private DisparityMap Constant(StereoPair pair)
    {
        var truth = Truth(pair);
        float[] known = [.. truth.Values.Where(float.IsFinite).Order()];
        return known.Length == 0
            ? throw new UserException($"'{pair.Truth}' has no pixel whose disparity is known.")
            : new DisparityMap(
                truth.Height,
                truth.Width,
                [.. Enumerable.Repeat(known[known.Length / 2], truth.Values.Length)]
            );
    }
}
