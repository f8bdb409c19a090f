using Microsoft.ML;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet;

/// <summary>Everything that Tdv.MLNet adds to an <see cref="MLContext"/>'s catalogs.</summary>
public static partial class TdvCatalog
{
    /// <summary>Pretrains a TDV network on rows that have a frame and its predecessor, then computes its features.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="options">Preset, recipe, progress, features.</param>
    /// <exception cref="ArgumentException">Options out of range, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        TdvOptions options
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, options);

    /// <summary>Computes features with weights that are already there: fitting trains nothing.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, layers·D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="model">The weights. They stay the caller's to dispose of, after every use of the transformer.</param>
    /// <param name="features">Image size, layers and further columns. Default: the last layer at the training size.</param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        TdvModel model,
        TdvFeatureOptions? features = null
    ) => new(MLNetInternals.Environment(catalog), outputColumnName, inputColumnName, model, features);

    /// <summary>Computes features with weights from a file, as <see cref="TdvModel.Load"/> reads it.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the feature grid, <c>Vector&lt;Single, height, width, layers·D&gt;</c>.</param>
    /// <param name="inputColumnName">The image column of frames.</param>
    /// <param name="modelPath">The file with the weights.</param>
    /// <param name="features">Image size, layers and further columns. Default: the last layer at the training size.</param>
    public static TdvFeaturizingEstimator TdvFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelPath,
        TdvFeatureOptions? features = null
    ) => catalog.TdvFeaturize(outputColumnName, inputColumnName, TdvModel.Load(modelPath), features);
}
