using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Seeing;

/// <summary>Finds the network in whatever holds one.</summary>
internal static class ModelSource
{
    /// <summary>The SHA-256 of the file that <see cref="Load"/> loads.</summary>
    public static string HashOf(string path) => ModelHash.Of(FileOf(path));

    /// <param name="ml">The context.</param>
    /// <param name="path">A run's folder, a file of weights, or a model that <c>segment</c> saved.</param>
    /// <exception cref="UserException">There is none.</exception>
    public static TdvModel Load(MLContext ml, string path)
    {
        string file = FileOf(path);
        ModelFile.Require(file, "Give a run of 'pretrain', weights, or a model.zip of 'segment'.");
        return Path.GetExtension(file).Equals(".zip", StringComparison.OrdinalIgnoreCase)
            ? InChain(ModelFile.Load(ml, file), file)
            : TdvModel.Load(file);
    }

    private static string FileOf(string path) => Directory.Exists(path) ? new RunFolder(path).Weights : path;

    private static TdvModel InChain(ITransformer model, string file) =>
        ModelFile.Steps(model).OfType<TdvFeaturizingTransformer>().FirstOrDefault()?.Model
        ?? throw new UserException($"The model '{file}' has no TDV network inside.");
}
