using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>How masks are painted, where that is not to be as the model was saved.</summary>
/// <param name="Stride">Null: as saved.</param>
/// <param name="FollowEdges">Null: as saved.</param>
internal sealed record PaintingChoice(int? Stride, bool? FollowEdges)
{
    /// <summary>The model, or one that differs from it in nothing else.</summary>
    public ITransformer Apply(ITransformer model) =>
        this == new PaintingChoice(null, null)
            ? model
            : model switch
            {
                PixelWiseTransformer masks => masks.WithPainting(
                    Stride ?? masks.Model.Options.Stride,
                    FollowEdges ?? masks.Model.Options.FollowEdges
                ),
                IEnumerable<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(Apply)]),
                _ => model,
            };
}
