using System.Globalization;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;
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
    private readonly IReadOnlyList<FlowPair> _pairs = FlowPairs.Find(settings.Flow);

    /// <exception cref="UserException">Something is missing.</exception>
    public void Run(CancellationToken cancellation)
    {
        OutputFolder.Prepare(settings.Out);
        var rows = new List<IReadOnlyList<object>>();
        foreach (int size in settings.Sizes)
        {
            foreach (object[] row in Rows(size))
            {
                cancellation.ThrowIfCancellationRequested();
                rows.Add(row);
                Terminal.Line(string.Join("  ", row));
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

    private IEnumerable<object[]> Rows(int size)
    {
        var reading = new FlowReading(
            _ml,
            Pictures(settings.Videos),
            Pictures(settings.OtherVideos),
            new ReadingSettings(size, settings.Pairs, settings.HeldOut)
        );
        foreach (var contender in Contender.All(_ml, settings.Weights))
        {
            using (contender)
            {
                if (contender.Model is null)
                {
                    double still = reading.StandingStill(contender.PatchSize);
                    yield return Row("standing still", "–", size, "–", still, Still);
                }

                foreach (var fitted in reading.Read(contender, Kinds(contender)))
                {
                    string lambda = fitted.Regularization.ToString("0e0", CultureInfo.InvariantCulture);
                    yield return Row(
                        contender.Name,
                        fitted.Features,
                        size,
                        lambda,
                        fitted.MadeError,
                        (pair, _) => fitted.Estimate(pair)
                    );
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

    private static FlowField Still(FlowPair pair, FlowField truth) =>
        new(truth.Height, truth.Width, new float[truth.U.Length], new float[truth.U.Length]);

    private object[] Row(
        string network,
        string features,
        int size,
        string lambda,
        double made,
        Func<FlowPair, FlowField, FlowField> estimate
    ) =>
        [
            network,
            features,
            $"{size}",
            lambda,
            Math.Round(made, 3),
            .. _pairs.Select(pair =>
            {
                var truth = FlowField.Load(pair.Truth);
                var errors = new FlowErrors();
                errors.Add(truth, estimate(pair, truth), pair.Name);
                return (object)Math.Round(errors.ToMetrics().EndPointError, 3);
            }),
        ];
}
