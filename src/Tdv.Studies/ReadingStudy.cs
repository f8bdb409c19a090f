using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

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
        OutputFolder.Open(settings.Out).Dispose();
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
                + $"A small convolutional network, trained on {settings.Pairs} made pairs; the correlation of pixels holds the flow for certain.",
            ["network", "read from", "size", "made pairs", .. _pairs.Select(pair => pair.Name)],
            rows
        );
        using (var folder = OutputFolder.Open(settings.Out))
        {
            table.Save(folder, "reading");
        }

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
        foreach (var contender in Contenders())
        {
            using (contender)
            {
                if (contender.Model is null)
                {
                    double still = reading.StandingStill(contender.PatchSize);
                    yield return Row("standing still", "–", size, still, Still);
                }

                foreach (var fitted in reading.Read(contender, Kinds(contender)))
                {
                    yield return Row(
                        contender.Name,
                        fitted.Features,
                        size,
                        fitted.MadeError(),
                        (pair, _) => fitted.Estimate(pair)
                    );
                }
            }
        }
    }

    /// <summary>One at a time: the caller disposes of each.</summary>
    private IEnumerable<Contender> Contenders()
    {
        for (int i = 0; i < settings.Weights.Count; i++)
        {
            var model = ModelSource.Load(_ml, settings.Weights[i]);
            for (int seed = 0; i == 0 && seed < settings.Untrained; seed++)
            {
                if (seed == 0)
                {
                    yield return new(Contender.RawPixels, model.PatchSize, null);
                }

                yield return new(Contender.Untrained, model.PatchSize, TdvModel.Create(model.Options, seed));
            }

            yield return new(Contender.Trained, model.PatchSize, model);
        }
    }

    private ReadFeatures[] Kinds(Contender contender) =>
        contender.Model is null ? [ReadFeatures.Correlations, ReadFeatures.Pixels]
        : settings.All ? [ReadFeatures.MotionAndFrame, ReadFeatures.Motion, ReadFeatures.Frames]
        : [ReadFeatures.MotionAndFrame];

    private IDataView Pictures(IReadOnlyList<string> videos) => PictureSource.Load(_ml, videos);

    private static FlowField Still(FlowPair pair, FlowField truth) =>
        new(truth.Height, truth.Width, new float[truth.U.Length], new float[truth.U.Length]);

    private object[] Row(
        string network,
        string features,
        int size,
        double made,
        Func<FlowPair, FlowField, FlowField> estimate
    ) =>
        [
            network,
            features,
            $"{size}",
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
