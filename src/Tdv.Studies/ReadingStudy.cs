using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

/// <summary>
/// How much of the flow can be read from Δz: by the size of the pictures, by what it is read from, trained and untrained.
/// </summary>
internal sealed class ReadingStudy(ReadingStudySettings settings)
{
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly List<TruePair> _pairs = [.. TruePairs.Read(settings.Flow)];

    /// <exception cref="UserException">Something is missing.</exception>
    public void Run(CancellationToken cancellation)
    {
        OutputFolder.Prepare(settings.Out);
        var rows = new List<IReadOnlyList<object>>();
        foreach (int size in settings.Sizes)
        {
            foreach (var result in Read(size))
            {
                cancellation.ThrowIfCancellationRequested();
                rows.Add(Row(size, result));
                Terminal.Line(string.Join("  ", rows[^1]));
            }
        }

        var table = new ResultTable(
            "Reading flow",
            $"Mean end-point error in pixels. Made pairs: of cells, in pixels of the size; true pairs: of pixels, in their own. "
                + $"Ridge regression on {settings.Pairs} made pairs.",
            ["network", "read from", "size", "λ", "made pairs", .. _pairs.Select(pair => pair.Name)],
            rows
        );
        table.Save(settings.Out, "reading");
        table.Show();
    }

    private IEnumerable<ReadingResult> Read(int size)
    {
        var reading = new FlowReading(
            _ml,
            Pictures(settings.Videos),
            Pictures(settings.OtherVideos),
            _pairs,
            new ReadingSettings(size, settings.Pairs, settings.HeldOut)
        );
        int patch = 0;
        foreach (var contender in Contender.All(_ml, settings.Weights))
        {
            using (contender)
            {
                if (patch == 0)
                {
                    patch = contender.PatchSize;
                    yield return reading.StandingStill(patch);
                }

                foreach (var result in reading.Read(contender, Kinds(contender)))
                {
                    yield return result;
                }
            }
        }
    }

    private ReadFeatures[] Kinds(Contender contender) =>
        contender.Model is null ? [ReadFeatures.Pixels]
        : settings.All
            ? [ReadFeatures.MotionAlone, ReadFeatures.Motion, ReadFeatures.MotionAndFrame, ReadFeatures.Frames]
        : [ReadFeatures.Motion];

    private IDataView Pictures(IReadOnlyList<string> videos) =>
        _ml.Data.LoadFromVideos(videos, new VideoOptions { FrameInterval = 1 });

    private static object[] Row(int size, ReadingResult result) =>
        [
            result.Network,
            result.Features,
            $"{size}",
            double.IsFinite(result.Regularization) ? $"{result.Regularization:0e0}" : "–",
            Math.Round(result.Made, 3),
            .. result.Real.Select(metrics => (object)Math.Round(metrics.EndPointError, 3)),
        ];
}
