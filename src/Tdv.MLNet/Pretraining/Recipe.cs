using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>A preset's network and training, with the user's choices put in.</summary>
internal sealed record Recipe(NetworkOptions Network, TrainingOptions Training)
{
    /// <summary>The published cosine: so long that the rate hardly falls (reference §8).</summary>
    private const int PublishedScheduleSteps = 3_000_000;

    /// <summary>Of an edge: no frame of a video is larger.</summary>
    private const int MostPixels = 8192;
    private const int MostMinutes = 10_000;
    private const double HighestWeight = 1000;
    private const int MostEpochs = 1_000_000;

    /// <exception cref="ArgumentException">Options out of range, all of them in one message.</exception>
    public static Recipe From(TdvOptions options)
    {
        Check(options);
        var preset = NetworkPresets.Of(options.Preset);
        var network = preset with { ImageSize = options.ImageSize ?? preset.ImageSize };
        var training = options.Preset == TdvPreset.Tiny ? Tiny(options) : Published(options);
        var recipe = new Recipe(
            options.FrameEncoder is { } start ? Over(start.Options, network) : network,
            training with
            {
                FreezeFrameEncoder = options.FreezeFrameEncoder,
                Accumulation = options.AccumulatedBatches,
                Objective = training.Objective with { Regularization = Regularization(options) },
            }
        );
        return options.Ablation?.Invoke(recipe) ?? recipe;
    }

    /// <summary>The same on a device, which decides the precision unless the user has.</summary>
    public Recipe On(Device device, TdvPrecision precision)
    {
        bool gpu = device.type == TorchSharp.DeviceType.CUDA;
        bool half = precision == TdvPrecision.BFloat16 || (precision == TdvPrecision.Automatic && gpu);
        return this with { Training = Training with { BFloat16 = half } };
    }

    /// <summary>The preset's motion encoder and heads over another frame encoder.</summary>
    private static NetworkOptions Over(NetworkOptions frame, NetworkOptions preset)
    {
        int size = Math.Max(1, (int)Math.Round((double)preset.ImageSize / frame.PatchSize)) * frame.PatchSize;
        return preset with
        {
            ImageSize = frame.ImageSize,
            MotionImageSize = size == frame.ImageSize ? null : size,
            PatchSize = frame.PatchSize,
            Dimension = frame.Dimension,
            Heads = frame.Heads,
            Depth = frame.Depth,
            LayerScale = frame.LayerScale,
            Registers = frame.Registers,
        };
    }

    private static TrainingOptions Tiny(TdvOptions options)
    {
        int steps = options.Steps ?? 3000;
        double peak = options.LearningRate ?? 2e-3;
        return new()
        {
            Steps = steps,
            BatchSize = options.BatchSize ?? 8,
            Schedule = new Schedule(peak, options.WarmUpSteps ?? Math.Max(1, steps / 10), steps, peak / 100),
            // In minutes rather than days, a motion encoder at 0.03 of the rate would learn next to nothing.
            MotionMultiplier = 1,
        };
    }

    private static TrainingOptions Published(TdvOptions options)
    {
        double peak = options.LearningRate ?? 1e-4;
        return new()
        {
            Steps = options.Steps ?? 200_000,
            BatchSize = options.BatchSize ?? 240,
            Schedule = new Schedule(peak, options.WarmUpSteps ?? 10_000, PublishedScheduleSteps, peak / 100_000),
        };
    }

    /// <summary>Published recipes have none; ours has it wherever there is something to regularize.</summary>
    private static TdvRegularization Regularization(TdvOptions options) =>
        options.Regularization
        ?? (
            options is { Preset: TdvPreset.Tiny, BatchSize: not 1, FreezeFrameEncoder: false }
                ? new TdvRegularization()
                : TdvRegularization.None
        );

    private static void Check(TdvOptions options)
    {
        var faults = new Faults();
        faults.Check(Enum.IsDefined(options.Preset), $"Preset is {options.Preset}; choose Tiny, Small or Base.");
        faults.Check(
            Enum.IsDefined(options.Precision),
            $"Precision is {options.Precision}; choose Automatic, Float32 or BFloat16."
        );
        int patch = (options.FrameEncoder?.Options ?? NetworkPresets.Of(options.Preset)).PatchSize;
        faults.Check(
            options.ImageSize is not { } size || (size >= patch && size <= MostPixels && size % patch == 0),
            $"ImageSize is {options.ImageSize}; it must be a multiple of {patch}, the patch size, and at most {MostPixels}."
        );
        AtLeastOne(nameof(options.Steps), options.Steps);
        faults.Check(
            options.Epochs is null or (> 0 and <= MostEpochs),
            FormattableString.Invariant($"Epochs is {options.Epochs}; it must be above 0 and at most {MostEpochs}.")
        );
        faults.Check(
            options is not { Steps: not null, Epochs: not null },
            "Steps and Epochs are set, but each says how long to train. Leave one of them out."
        );
        AtLeastOne(nameof(options.BatchSize), options.BatchSize);
        CheckBatch(options, faults);
        AtLeastOne(nameof(options.AccumulatedBatches), options.AccumulatedBatches);
        faults.Check(
            options.LearningRate is null or (> 0 and < 1),
            $"LearningRate is {options.LearningRate}; it must lie between 0 and 1, for instance 0.001."
        );
        faults.Check(
            options.WarmUpSteps is null or >= 0,
            $"WarmUpSteps is {options.WarmUpSteps}; it must be 0 or more."
        );
        faults.Check(
            !options.FreezeFrameEncoder || options.FrameEncoder is not null,
            "FreezeFrameEncoder is set, but FrameEncoder is not: random weights would stay random. "
                + "Set FrameEncoder, for instance to TdvModel.Load of DINOv2's weights."
        );
        CheckRegularization(options, faults);
        AtLeastOne("Validation.Pairs", options.Validation?.Pairs);
        AtLeastOne("Validation.EverySteps", options.Validation?.EverySteps);
        AtLeastOne("Validation.Patience", options.Validation?.Patience);
        faults.Check(
            options.Validation is not { Data: null },
            "Validation.Data is null; give frame pairs that nothing is learned from, for instance of LoadFromVideos."
        );
        AtLeastOne(nameof(options.CheckpointEverySteps), options.CheckpointEverySteps);
        faults.Check(
            options.CheckpointEveryMinutes is null or (> 0 and <= MostMinutes),
            FormattableString.Invariant(
                $"CheckpointEveryMinutes is {options.CheckpointEveryMinutes}; it must be above 0 and at most {MostMinutes}."
            )
        );
        faults.Check(
            options.CheckpointDirectory is not null
                || options is { CheckpointEverySteps: null, CheckpointEveryMinutes: null },
            "CheckpointEverySteps or CheckpointEveryMinutes is set, but CheckpointDirectory is not. Set it."
        );
        faults.ThrowIfAny($"{nameof(TdvOptions)} is out of range:");

        void AtLeastOne(string name, int? value) =>
            faults.Check(value is null or >= 1, $"{name} is {value}; it must be at least 1.");
    }

    /// <summary>A batch's frames are one array of bytes; what else a step needs is seen when the device is known.</summary>
    private static void CheckBatch(TdvOptions options, Faults faults)
    {
        int batch = options.BatchSize ?? 1;
        int size =
            options.ImageSize ?? (options.FrameEncoder?.Options ?? NetworkPresets.Of(options.Preset)).TrainingSize;
        decimal bytes = 2m * batch * size * size * Imaging.FramePixels.Channels;
        faults.Check(
            batch < 1 || size < 1 || size > MostPixels || bytes <= Array.MaxLength,
            FormattableString.Invariant(
                $"BatchSize is {batch}: the pairs of a batch, of {size} × {size} pixels, take {bytes} bytes; at most {Array.MaxLength} are possible. "
            ) + "Lower it; AccumulatedBatches makes large steps of small batches."
        );
    }

    private static void CheckRegularization(TdvOptions options, Faults faults)
    {
        if (options.Regularization is not { } regularization)
        {
            return;
        }

        foreach (
            var (name, weight) in new[]
            {
                (nameof(regularization.VarianceWeight), regularization.VarianceWeight),
                (nameof(regularization.CovarianceWeight), regularization.CovarianceWeight),
            }
        )
        {
            faults.Check(
                weight is >= 0 and <= HighestWeight,
                FormattableString.Invariant(
                    $"Regularization.{name} is {weight}; it must lie between 0 and {HighestWeight}, for instance 1."
                )
            );
        }

        faults.Check(
            !regularization.IsOn || options.BatchSize is not 1,
            "Regularization compares the frames of a batch, but BatchSize is 1; set it to 2 or more."
        );
        faults.Check(
            !regularization.IsOn || !options.FreezeFrameEncoder,
            "Regularization changes what the frame encoder learns, but FreezeFrameEncoder is set. Leave one of them out."
        );
    }
}
