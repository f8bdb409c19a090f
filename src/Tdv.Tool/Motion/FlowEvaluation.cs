using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;

namespace Tdv.Tool.Motion;

/// <summary>How good flow is that comes from features, beside simpler and classic ways.</summary>
internal sealed class FlowEvaluation(MatchingSettings settings)
    : MatchingEvaluation<FlowPair, FlowField, FlowMetrics>(settings)
{
    /// <summary>Of the squares that flow is read from, in pixels.</summary>
    private const int ReadSize = 64;
    private FlowReading? _reading;

    protected override string Name => "flow";

    protected override (string Title, string Note) Heading =>
        (
            "Optical flow from features",
            "EPE in pixels, else percent; over all pixels of all pairs whose true flow is known. Farnebäck: OpenCV."
        );

    protected override IReadOnlyList<string> Figures => ["EPE", "Fl-all", "within 1 px", "within 3 px", "within 5 px"];

    protected override IReadOnlyList<(string Name, Func<FlowPair, FlowField> Estimate)> Classic =>
        [("standing still", StandStill), ("Farnebäck", pair => ClassicFlow.Farneback(pair.From, pair.To))];

    protected override IReadOnlyList<FlowPair> Find() => FlowPairs.Find(Settings.Data);

    protected override string NameOf(FlowPair pair) => pair.Name;

    protected override FlowField Truth(FlowPair pair) => FlowField.Load(pair.Truth);

    protected override FlowField Estimate(FeatureMatching matching, FlowPair pair) => matching.Flow(pair.From, pair.To);

    protected override IEnumerable<(string Name, Func<FlowPair, FlowField> Estimate)> Learned(
        MLContext ml,
        Contender contender
    )
    {
        if (Settings.Pictures.Count == 0 || contender.Model is null)
        {
            yield break;
        }

        _reading ??= new(ml, PictureSource.Load(ml, Settings.Pictures), null, new(ReadSize));
        foreach (var fitted in _reading.Read(contender, ReadFeatures.MotionAndFrame))
        {
            yield return ($"{contender.Name}, read from Δz", fitted.Estimate);
        }
    }

    protected override FlowMetrics Measure(IEnumerable<(FlowPair Pair, FlowField Truth, FlowField Estimate)> estimates)
    {
        var errors = new FlowErrors();
        foreach (var (pair, truth, estimate) in estimates)
        {
            errors.Add(truth, estimate, pair.Name);
        }

        return errors.ToMetrics();
    }

    protected override IReadOnlyList<double> FiguresOf(FlowMetrics metrics) =>
        [
            metrics.EndPointError,
            100 * metrics.FlAll,
            100 * metrics.Within1,
            100 * metrics.Within3,
            100 * metrics.Within5,
        ];

    protected override MLImage Paint(FlowField field, FlowField truth) => FlowColors.Fit([truth]).Paint(field);

    private static FlowField StandStill(FlowPair pair)
    {
        var (height, width) = PicturePair.SizeOf(pair.From, pair.To);
        return new FlowField(height, width, new float[height * width], new float[height * width]);
    }
}
