using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>What a model looks at, told from the model alone.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 1);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Previous_frames_are_looked_at_in_the_largest_size_with_motion()
    {
        Assert.Null(ModelFile.PreviousFrames(Step("A", 96, 160, motion: false)));
        Assert.Equal((48, 80), ModelFile.PreviousFrames(Step("A", 48, 80, motion: true)));
        Assert.Equal(
            (64, 80),
            ModelFile.PreviousFrames(
                new TransformerChain<ITransformer>(
                    Step("A", 48, 80, motion: true),
                    new TransformerChain<ITransformer>(
                        Step("B", 64, 32, motion: true),
                        Step("C", 128, 128, motion: false)
                    )
                )
            )
        );
    }

    private TdvFeaturizingTransformer Step(string name, int height, int width, bool motion)
    {
        var images = _ml.Data.LoadFromEnumerable(Array.Empty<Row>());
        var view = _ml
            .Transforms.LoadPictures("Frame", "", nameof(Row.Path))
            .Append(_ml.Transforms.LoadPictures("PreviousFrame", "", nameof(Row.Path)))
            .Fit(images)
            .Transform(images);
        var options = new TdvFeatureOptions
        {
            ImageHeight = height,
            ImageWidth = width,
            MotionColumnName = motion ? $"{name}Motion" : null,
        };
        return _ml.Transforms.TdvFeaturize(name, "Frame", _model, options).Fit(view);
    }

    private sealed class Row
    {
        public string Path { get; init; } = "";
    }
}
