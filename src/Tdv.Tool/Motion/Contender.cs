using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>A kind of features that frames are compared by, and what a table calls it.</summary>
/// <param name="Name">In tables. Those of several seeds share one.</param>
/// <param name="PatchSize">Pixels of a cell's edge.</param>
/// <param name="Model">The network; null for raw pixels.</param>
internal sealed record Contender(string Name, int PatchSize, TdvModel? Model) : IDisposable
{
    public const string RawPixels = "raw pixels";
    public const string Untrained = "untrained network";
    public const string Trained = "TDV";

    /// <summary>
    /// Raw pixels, then for each network an untrained one of the same architecture, another seed each, and the network
    /// itself. One at a time: the caller disposes of each.
    /// </summary>
    /// <param name="ml">The context.</param>
    /// <param name="models">Weights, runs or models, one for each seed; all of one architecture.</param>
    /// <exception cref="Output.UserException">A file is missing or holds no network.</exception>
    public static IEnumerable<Contender> All(MLContext ml, IReadOnlyList<string> models)
    {
        for (int seed = 0; seed < models.Count; seed++)
        {
            var model = ModelSource.Load(ml, models[seed]);
            if (seed == 0)
            {
                yield return new(RawPixels, model.PatchSize, null);
            }

            yield return new(Untrained, model.PatchSize, TdvModel.Create(model.Options, seed));
            yield return new(Trained, model.PatchSize, model);
        }
    }

    /// <summary>Features of the last layer, <c>Vector&lt;Single, height / patch, width / patch, D&gt;</c>.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="output">Receives them.</param>
    /// <param name="input">The image column.</param>
    /// <param name="height">Of the resized pictures, whole patches.</param>
    /// <param name="width">As <paramref name="height"/>.</param>
    public IEstimator<ITransformer> Features(MLContext ml, string output, string input, int height, int width) =>
        Model is null
            ? ml.Transforms.PatchFeaturize(output, input, height, width, PatchSize)
            : ml.Transforms.TdvFeaturize(
                output,
                input,
                Model,
                new TdvFeatureOptions { ImageHeight = height, ImageWidth = width }
            );

    public void Dispose() => Model?.Dispose();
}
