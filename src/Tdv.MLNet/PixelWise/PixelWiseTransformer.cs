using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet;

/// <summary>
/// Adds a predicted mask, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>, row-major height × width, and scores on the feature grid,
/// <c>Vector&lt;Single, gridHeight, gridWidth, classes&gt;</c>. Cells are classified, scores (their logarithm, where they are
/// probabilities) stretched over the image bilinearly, and the best class taken. Classes that training did not meet have
/// the score 0 (probabilities) or −∞ and are never predicted. Each column is computed only when it is read.
/// </summary>
public sealed class PixelWiseTransformer : ITransformer, IDisposable
{
    internal const string LoaderSignature = "TdvPixelWise";
    private const string ModelSignature = "TDVPIXEL";
    private const string RowModelFolder = "PixelModel";
    private const string PaintingEntry = "Painting";

    private readonly LinearCellScorer? _linear;

    internal PixelWiseTransformer(IHostEnvironment environment, PixelWiseModel model, ITransformer rowModel)
        : this(model, rowModel, LinearCellScorer.TryFold(rowModel, model.Whitening, model.Probabilities)) =>
        environment.Register(nameof(PixelWiseTransformer));

    private PixelWiseTransformer(PixelWiseModel model, ITransformer rowModel, LinearCellScorer? linear)
    {
        Model = model;
        RowModel = rowModel;
        _linear = linear;
    }

    /// <summary>The names of all classes; the k-th belongs to key k.</summary>
    public IReadOnlyList<string> ClassNames => Model.Legend.Names;

    /// <summary>The model that classifies pixel rows, trained on whitened features of the classes that occurred.</summary>
    public ITransformer RowModel { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>
    /// The same classifier, painting masks in another way than it was trained to. Both share <see cref="RowModel"/>:
    /// dispose one of them.
    /// </summary>
    /// <param name="stride">As <see cref="PixelWiseOptions.Stride"/>.</param>
    /// <param name="followEdges">As <see cref="PixelWiseOptions.FollowEdges"/>.</param>
    /// <exception cref="ArgumentException">The stride is below 1, or there is no image column that one of them needs.</exception>
    public PixelWiseTransformer WithPainting(int? stride, bool followEdges)
    {
        var options = Model.Options with { Stride = stride, FollowEdges = followEdges };
        options.Validate();
        return new(Model with { Options = options }, RowModel, _linear) { UseMatrix = UseMatrix };
    }

    internal PixelWiseModel Model { get; }

    /// <summary>Linear models are read out and applied as one matrix; tests turn this off to compare.</summary>
    internal bool UseMatrix { get; set; } = true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => PixelWiseMapper.Bind(this, inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedDataView(input, PixelWiseMapper.Bind(this, input.Schema));
    }

    /// <inheritdoc/>
    public void Dispose() => (RowModel as IDisposable)?.Dispose();

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

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        MLNetInternals.BeginSave(ctx, ModelSignature, LoaderSignature);
        Model.Save(MLNetInternals.Writer(ctx));
        MLNetInternals.SaveEntry(ctx, PaintingEntry, Model.SavePainting);
        MLNetInternals.SaveNested(ctx, RowModel, RowModelFolder);
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
