using Tdv.MLNet.Pretraining;

namespace Tdv.MLNet;

/// <summary>
/// How a TDV network is pretrained. Whatever is left null takes the preset's value; the defaults are the paper's best
/// recipe (arXiv 2606.15956, Table 4: CLS attended in the cross attention).
/// </summary>
public sealed record TdvOptions
{
    /// <summary>The size of the network. Default: <see cref="TdvPreset.Tiny"/>.</summary>
    public TdvPreset Preset { get; init; } = TdvPreset.Tiny;

    /// <summary>
    /// Weights that the frame encoder starts with, for instance DINOv2's; its dimensions replace the preset's, whose
    /// motion encoder, prototypes and training size (in whole patches) remain. Only its frame encoder is taken, and it is
    /// copied. Default: none, random weights.
    /// </summary>
    public TdvModel? FrameEncoder { get; init; }

    /// <summary>
    /// Leaves <see cref="FrameEncoder"/> as it is and trains the motion encoder alone: what the paper found to work over
    /// DINOv2's weights, unlike training those on. Default: false.
    /// </summary>
    public bool FreezeFrameEncoder { get; init; }

    /// <summary>
    /// Edge in pixels of the square that frames are shrunk to for training; a multiple of the patch size (8 for Tiny, 14 for
    /// the others, or that of <see cref="FrameEncoder"/>). On a CPU, many small frames teach more in the same time than few large ones. Features may be computed at
    /// another size. Default: 64 for Tiny, 224 for the others.
    /// </summary>
    public int? ImageSize { get; init; }

    /// <summary>Training steps. Default: 3,000 for Tiny, else 200,000.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// Passes over the data, instead of <see cref="Steps"/>: as many steps as it takes to see each frame pair so often, the
    /// last batch made full. The rows are counted beforehand, without decoding their frames. Not both. Default: none.
    /// </summary>
    public double? Epochs { get; init; }

    /// <summary>Frame pairs in one batch. Default: 8 for Tiny, else 240, the paper's.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Batches whose gradients are averaged for one step: large steps in the memory of a small batch. As in the official
    /// code, the loss's center moves with every batch and the teacher with the first. Default: 1.
    /// </summary>
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>The learning rate after warm-up. Default: 0.002 for Tiny, else 0.0001.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// Steps over which the learning rate rises from 0 to its peak; afterwards it falls as a cosine. Default: a tenth of
    /// the steps for Tiny, else 10,000.
    /// </summary>
    public int? WarmUpSteps { get; init; }

    /// <summary>
    /// What keeps the features from collapsing into few dimensions, beside the paper's objective; it compares the frames of
    /// a batch, so that it needs at least 2. Default: for Tiny, <see cref="TdvRegularization"/> with its own defaults (none
    /// with a batch of 1, or a frozen frame encoder); <see cref="TdvRegularization.None"/> for the others, as in the paper.
    /// </summary>
    public TdvRegularization? Regularization { get; init; }

    /// <summary>
    /// The type that matrices are multiplied in. Default: <see cref="TdvPrecision.Automatic"/>, bfloat16 on a GPU and
    /// float32 on a CPU, where bfloat16 is faster only with AVX512-BF16 or AMX.
    /// </summary>
    public TdvPrecision Precision { get; init; } = TdvPrecision.Automatic;

    /// <summary>Seed of weights and data order. Default: the <c>MLContext</c>'s seed, else 0.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Measures the training on frames that nothing is learned from, and keeps its best weights; on request it ends the
    /// training early. Default: none, as in the paper; the last step's weights are kept.
    /// </summary>
    public TdvValidation? Validation { get; init; }

    /// <summary>Receives a report after every step. Default: none.</summary>
    public IProgress<StepReport>? Progress { get; init; }

    /// <summary>
    /// Stops the training early, also while it reads or waits for data; the weights learned so far are kept and the model is
    /// usable. Within a step the token is looked at between its parts, of which the backward pass of a batch is the longest.
    /// With a <see cref="CheckpointDirectory"/>, a checkpoint is written first. While rows are counted for
    /// <see cref="Epochs"/> there is nothing to keep yet: <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// A folder for checkpoints, of one training alone. If it has some, the training goes on from the newest that is
    /// whole, and ends with the weights that it would have had without a stop; other options or data than those it was
    /// begun with are refused. Of a training that is over, no data are read. Default: none, no checkpoints.
    /// </summary>
    public string? CheckpointDirectory { get; init; }

    /// <summary>Steps from one checkpoint to the next. Default: none, only the minutes count.</summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>Minutes from one checkpoint to the next. Default: 10.</summary>
    public double? CheckpointEveryMinutes { get; init; }

    /// <summary>
    /// Changes the recipe that all else makes, for studies of what each part of it is good for. Not for users: the
    /// defaults are what such studies found best.
    /// </summary>
    internal Func<Recipe, Recipe>? Ablation { get; init; }
}
