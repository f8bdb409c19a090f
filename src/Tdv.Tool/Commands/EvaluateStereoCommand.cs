using System.CommandLine;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv evaluate stereo</c>: disparity from features beside the truth and other ways.</summary>
internal static class EvaluateStereoCommand
{
    public static Command Create() =>
        new MatchingOptions(DisparityCommand.Reach, "A larger disparity").Evaluate(
            "stereo",
            "Compares disparity from features with the truth, beside baselines and a classic method.",
            $"Folders with left, right and disp_left; '{StereoPairs.ScaleFile}' with lines 'name file divisor' for pictures of 8 bits.",
            (settings, cancellation) => new StereoEvaluation(settings).Run(cancellation)
        );
}
