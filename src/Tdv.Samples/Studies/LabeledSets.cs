using Microsoft.ML;
using Microsoft.ML.Data;
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

    /// <summary>Computes features for all images.</summary>
    /// <param name="model">The network.</param>
    /// <param name="motion">Whether to encode motion, too.</param>
    /// <param name="color">Whether to describe color, too.</param>
    public LabeledFeatures OfNetwork(TdvModel model, bool motion, bool color = false)
    {
        var pipeline = new EstimatorChain<ITransformer>();
        var kinds = new List<string> { Columns.Features };
        if (motion)
        {
            kinds.Add(Columns.Motion);
        }

        if (color)
        {
            kinds.Add(Columns.Color);
        }

        var sizes = Sizes(model.ImageSize, model.PatchSize);
        for (int scale = 0; scale < sizes.Count; scale++)
        {
            pipeline = pipeline.Append<ITransformer>(Network(model, sizes[scale], scale, motion));
            if (color)
            {
                pipeline = pipeline.Append<ITransformer>(Color(sizes[scale], scale, model.PatchSize));
            }
        }

        return Compute(pipeline, kinds, sizes.Count, _choice.Position);
    }

    /// <summary>Describes color and position of each patch, without a network.</summary>
    public LabeledFeatures OfColor(int trainingSize, int patchSize)
    {
        var pipeline = new EstimatorChain<ITransformer>();
        var sizes = Sizes(trainingSize, patchSize);
        for (int scale = 0; scale < sizes.Count; scale++)
        {
            pipeline = pipeline.Append<ITransformer>(Color(sizes[scale], scale, patchSize));
        }

        return Compute(pipeline, [Columns.Color], sizes.Count, position: false);
    }

    private TdvFeaturizingEstimator Network(TdvModel model, (int Height, int Width) size, int scale, bool motion) =>
        _ml.Transforms.TdvFeaturize(
            LabeledFeatures.Column(Columns.Features, scale),
            Columns.Frame,
            model,
            new TdvFeatureOptions
            {
                ImageHeight = size.Height,
                ImageWidth = size.Width,
                Layers = _choice.Layers ?? Defaults.Layers(model.Depth),
                MotionColumnName = motion ? LabeledFeatures.Column(Columns.Motion, scale) : null,
                PreviousFrameColumnName = Columns.PreviousFrame,
            }
        );

    private ColorFeaturizingEstimator Color((int Height, int Width) size, int scale, int patchSize) =>
        _ml.Transforms.ColorFeaturize(
            LabeledFeatures.Column(Columns.Color, scale),
            Columns.Frame,
            size.Height / patchSize,
            size.Width / patchSize
        );

    private LabeledFeatures Compute(
        EstimatorChain<ITransformer> featurizer,
        IReadOnlyList<string> kinds,
        int scales,
        bool position
    )
    {
        var train = LabeledData.Load(_ml, _train.Images, _classes);
        var test = LabeledData.Load(_ml, _test.Images, _classes);
        var transformer = featurizer.Fit(train);
        string[] columns = [.. kinds.SelectMany(kind => LabeledFeatures.ColumnsOf(kind, scales))];
        return new LabeledFeatures(
            _ml,
            new FeatureCache(transformer.Transform(train), columns),
            new FeatureCache(transformer.Transform(test), columns),
            scales,
            position
        );
    }

    private IReadOnlyList<(int Height, int Width)> Sizes(int trainingSize, int patchSize)
    {
        var (height, width) = _train.FirstSize();
        return _choice.Sizes(height, width, trainingSize, patchSize);
    }
}
