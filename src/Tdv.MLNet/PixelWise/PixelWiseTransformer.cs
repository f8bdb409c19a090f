using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet;

/// <summary>
/// Adds a predicted mask, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>, row-major height × width, and scores on the feature grid,
/// <c>Vector&lt;Single, gridHeight, gridWidth, classes&gt;</c>. Cells are classified, scores (their logarithm, where they are
/// probabilities) stretched over the image bilinearly, and the best class taken. Classes that training did not meet have
/// the score 0 (probabilities) or −∞ and are never predicted. Each column is computed only when it is read.
/// </summary>
public sealed class PixelWiseTransformer : RowTransformer, IDisposable
{
    internal const string LoaderSignature = "TdvPixelWise";
    private const string ModelSignature = "TDVPIXEL";
    private const string RowModelFolder = "PixelModel";
    private const string PaintingEntry = "Painting";

    private readonly LinearCellScorer? _linear;
    private readonly UseCount _rowModel;
    private readonly bool _ownsRowModel;

    internal PixelWiseTransformer(IHostEnvironment environment, PixelWiseModel model, ITransformer rowModel)
    {
        environment.Register(nameof(PixelWiseTransformer));
        Model = model;
        RowModel = rowModel;
        _linear = LinearCellScorer.TryFold(rowModel, model.Whitening, model.Probabilities);
        _rowModel = new UseCount(
            nameof(PixelWiseTransformer),
            "It owned the model that those of WithPainting share. Dispose it last, or load it again.",
            () => (rowModel as IDisposable)?.Dispose()
        );
        _ownsRowModel = true;
    }

    private PixelWiseTransformer(PixelWiseTransformer owner, PixelWiseModel model)
    {
        Model = model;
        RowModel = owner.RowModel;
        _linear = owner._linear;
        _rowModel = owner._rowModel;
        UseMatrix = owner.UseMatrix;
    }

    /// <summary>The names of all classes; the k-th belongs to key k.</summary>
    public IReadOnlyList<string> ClassNames => Model.Legend.Names;

    /// <summary>The model that classifies pixel rows, trained on whitened features of the classes that occurred.</summary>
    public ITransformer RowModel { get; }

    /// <summary>
    /// The same classifier, painting masks in another way than it was trained to. It shares <see cref="RowModel"/>, which
    /// stays this one's: disposing of the result changes nothing, and after this one's disposal neither can be used.
    /// </summary>
    /// <param name="stride">As <see cref="PixelWiseOptions.Stride"/>.</param>
    /// <param name="followEdges">As <see cref="PixelWiseOptions.FollowEdges"/>.</param>
    /// <exception cref="ArgumentException">The stride is below 1, or there is no image column that one of them needs.</exception>
    public PixelWiseTransformer WithPainting(int? stride, bool followEdges)
    {
        var options = Model.Options with { Stride = stride, FollowEdges = followEdges };
        options.Validate();
        return new(this, Model with { Options = options });
    }

    internal PixelWiseModel Model { get; }

    /// <summary>Linear models are read out and applied as one matrix; tests turn this off to compare.</summary>
    internal bool UseMatrix { get; set; } = true;

    /// <summary>
    /// Frees <see cref="RowModel"/> once nothing uses it any more; does nothing to one that <see cref="WithPainting"/> gave.
    /// </summary>
    public void Dispose()
    {
        if (_ownsRowModel)
        {
            _rowModel.Dispose();
        }
    }

    /// <summary>Keeps the row model from being freed until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It has been freed.</exception>
    internal UseCount.Lease Use() => _rowModel.Enter();

    internal CellScorer CreateScorer(int cells) =>
        UseMatrix && _linear is not null
            ? _linear
            : new ModelCellScorer(
                RowModel,
                Model.Whitening,
                Model.Classes.Select(Model.Legend),
                Model.Dimension,
                Model.Probabilities,
                cells
            );

    private protected override BatchMapper Bind(DataViewSchema input)
    {
        using var use = Use();
        return PixelWiseMapper.Bind(this, input);
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        Model.Save(MLNetInternals.Writer(context));
        MLNetInternals.SaveEntry(context, PaintingEntry, Model.SavePainting);
        MLNetInternals.SaveNested(context, RowModel, RowModelFolder);
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static PixelWiseTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        var model = PixelWiseModel.Load(MLNetInternals.Reader(ctx));
        MLNetInternals.TryLoadEntry(ctx, PaintingEntry, reader => model = model.LoadPainting(reader));
        var loaded = new PixelWiseTransformer(env, model, MLNetInternals.LoadNested(env, ctx, RowModelFolder));
        return
            loaded._linear?.Map is not { } linear
            || (linear.Inputs == model.Dimension && linear.Outputs == model.Classes.Count)
            ? loaded
            : throw new InvalidDataException(
                $"The saved pixel classifier is damaged: its row model maps {linear.Inputs} features to {linear.Outputs} "
                    + $"classes, not {model.Dimension} to {model.Classes.Count}. Save it again."
            );
    }
}
