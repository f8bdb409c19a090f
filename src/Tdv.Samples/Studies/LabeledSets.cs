using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.PixelWise;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;

namespace Tdv.Samples.Studies;

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
        _train = LabeledList.Read(train);
        _test = LabeledList.Read(test);
        _classes = MaskClass.ReadFile(classes);
        _choice = choice;
    }

    /// <summary>Images to train on.</summary>
    public int Count => _train.Images.Count;

    /// <summary>Images to test with.</summary>
    public int TestCount => _test.Images.Count;

    /// <summary>Whether all images have a predecessor, so that there is motion.</summary>
    public bool HasMotion => _train.HasPredecessors && _test.HasPredecessors;

    /// <summary>Computes the features of a network for all images.</summary>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether to encode motion, too.</param>
    public LabeledFeatures OfNetwork(TdvModel model, bool motion)
    {
        var (height, width) = FeatureSize(model.ImageSize, model.PatchSize);
        var features = new TdvFeatureOptions
        {
            ImageHeight = height,
            ImageWidth = width,
            Layers = _choice.Layers ?? Defaults.Layers(model.Depth),
            MotionColumnName = motion ? Columns.Motion : null,
            PreviousFrameColumnName = Columns.PreviousFrame,
        };
        var featurizer = _ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, model, features);
        return Compute(featurizer, motion ? [Columns.Features, Columns.Motion] : [Columns.Features], _choice.Position);
    }

    /// <summary>Describes color and position of each patch, without a network.</summary>
    public LabeledFeatures OfColor(int trainingSize, int patchSize)
    {
        var (height, width) = FeatureSize(trainingSize, patchSize);
        var baseline = new ColorBaseline(height / patchSize, width / patchSize, patchSize).Create(_ml);
        return Compute(baseline, [Columns.Features], position: false);
    }

    private LabeledFeatures Compute(IEstimator<ITransformer> featurizer, string[] columns, bool position)
    {
        var train = LabeledData.Load(_ml, _train.Images, _classes);
        var test = LabeledData.Load(_ml, _test.Images, _classes);
        var transformer = featurizer.Fit(train);
        return new LabeledFeatures(
            _ml,
            new FeatureCache(transformer.Transform(train), columns),
            new FeatureCache(transformer.Transform(test), columns),
            position
        );
    }

    private (int Height, int Width) FeatureSize(int trainingSize, int patchSize)
    {
        var (height, width) = _train.FirstSize();
        if (_choice.LongerSide is not { } side)
        {
            return Defaults.FeatureSize(height, width, trainingSize, patchSize);
        }

        double scale = (double)side / Math.Max(height, width);
        return (Patches(height), Patches(width));

        int Patches(int length) => Math.Max(1, (int)Math.Round(length * scale / patchSize)) * patchSize;
    }
}
