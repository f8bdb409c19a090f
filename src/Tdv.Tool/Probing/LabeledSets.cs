using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Probing;

/// <summary>Images to train a probe on and to test it with, and the features that it is given.</summary>
internal sealed class LabeledSets
{
    private readonly MLContext _ml;
    private readonly LabeledList _train;
    private readonly LabeledList _test;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly FeatureChoice _choice;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public LabeledSets(MLContext ml, string train, string test, string classes, FeatureChoice choice)
    {
        _ml = ml;
        var inputs = LabeledInputs.Read(classes, train, test);
        (_train, _test, _classes) = (inputs.Lists[0], inputs.Lists[1], inputs.Classes);
        LabeledInputs.WarnOfShared(_train, _test);
        _choice = choice;
    }

    /// <summary>Images to train on.</summary>
    public int Count => _train.Images.Count;

    /// <summary>Images to test with.</summary>
    public int TestCount => _test.Images.Count;

    /// <summary>Whether all images have a predecessor, so that there is motion.</summary>
    public bool HasMotion => _train.HasPredecessors && _test.HasPredecessors;

    /// <summary>Computes features for all images.</summary>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether to encode motion, too.</param>
    /// <param name="color">Whether to describe color, too.</param>
    public LabeledFeatures OfNetwork(TdvModel model, bool motion, bool color = false)
    {
        var images = Images(model.ImageSize, model.PatchSize);
        var featurizer = images.OfNetwork(model, motion, _choice.Layers);
        var kinds = new List<string> { Columns.Features };
        if (motion)
        {
            kinds.Add(Columns.Motion);
        }

        if (color)
        {
            kinds.Add(Columns.Color);
            featurizer = featurizer.Append(images.OfColor(model.PatchSize));
        }

        return Compute(images, featurizer, kinds, _choice.Position);
    }

    /// <summary>Describes color and position of each patch, without a network.</summary>
    public LabeledFeatures OfColor(int trainingSize, int patchSize)
    {
        var images = Images(trainingSize, patchSize);
        return Compute(images, images.OfColor(patchSize), [Columns.Color], position: false);
    }

    private LabeledFeatures Compute(
        ImageFeatures images,
        IEstimator<ITransformer> featurizer,
        IReadOnlyList<string> kinds,
        bool position
    )
    {
        var train = LabeledData.Load(_ml, _train.Images, _classes, images.Largest);
        var test = LabeledData.Load(_ml, _test.Images, _classes, images.Largest);
        var transformer = featurizer.Fit(train);
        string[] columns = images.ColumnsOf(kinds);
        return new LabeledFeatures(
            _ml,
            images,
            new FeatureCache(transformer.Transform(train), columns),
            new FeatureCache(transformer.Transform(test), columns),
            position
        );
    }

    private ImageFeatures Images(int trainingSize, int patchSize)
    {
        var (height, width) = _train.FirstSize();
        return new ImageFeatures(
            _ml,
            Defaults.FeatureSizes(_choice.LongerSides, height, width, trainingSize, patchSize)
        );
    }
}
