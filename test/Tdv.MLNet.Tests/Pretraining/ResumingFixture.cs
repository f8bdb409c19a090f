using Microsoft.ML;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>Small trainings that stop. 5 pairs, 2 in a batch: passes end at steps 2.5, 5, 7.5 and 10.</summary>
public abstract class ResumingFixture : IDisposable
{
    protected const int Pairs = 5;
    protected const int Steps = 10;

    private protected TemporaryFolder Temporary { get; } = new();

    /// <summary>What ML.NET's log said.</summary>
    protected List<string> Log { get; } = [];

    /// <summary>Narrow, so that the tests are short.</summary>
    private readonly TdvModel _start = TdvModel.FromTraining(
        new TrainingState(
            new NetworkOptions
            {
                ImageSize = 96,
                PatchSize = 16,
                Dimension = 32,
                Heads = 2,
                Depth = 2,
                MotionDepth = 1,
                Prototypes = 8,
                HeadHidden = 16,
                HeadBottleneck = 8,
            },
            seed: 1
        )
    );

    public void Dispose()
    {
        _start.Dispose();
        Temporary.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string Folder => Temporary["run"];

    protected TdvOptions Options() =>
        new()
        {
            FrameEncoder = _start,
            Steps = Steps,
            BatchSize = 2,
            Seed = 5,
        };

    protected TdvOptions Saved() => Options() with { CheckpointDirectory = Folder };

    protected byte[] Train(TdvOptions options, int stopAt = int.MaxValue, Func<MLContext, IDataView>? view = null)
    {
        var ml = new MLContext(1);
        ml.Log += (_, entry) => Log.Add(entry.RawMessage);
        using var stop = new CancellationTokenSource();
        var reports = new Reports([], step => Stop(step >= stopAt), options.Progress);
        using var transformer = ml
            .Transforms.TdvFeaturize(
                "Features",
                "Frame",
                options with
                {
                    Progress = reports,
                    CancellationToken = stop.Token,
                }
            )
            .Fit(view?.Invoke(ml) ?? Clips.View(ml, Pairs));
        return transformer.Model.ToBytes();

        void Stop(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    protected string[] Checkpoints() =>
        [.. Directory.GetFiles(Folder, "checkpoint-*.safetensors").Order(StringComparer.Ordinal)];

    protected string Newest() => Checkpoints()[^1];

    protected sealed class Reports(List<int> steps, Action<int>? then = null, IProgress<StepReport>? next = null)
        : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            steps.Add(value.Step);
            next?.Report(value);
            then?.Invoke(value.Step);
        }
    }
}
