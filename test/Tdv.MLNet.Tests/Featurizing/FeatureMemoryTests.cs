using Microsoft.ML;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Model;
using Tdv.MLNet.Tests.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

public sealed class FeatureMemoryTests
{
    private static readonly NetworkOptions Tiny = NetworkPresets.Of(TdvPreset.Tiny);

    [Fact]
    public void Pictures_for_which_there_is_no_room_are_refused_before_any_is_read()
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        var options = new TdvFeatureOptions
        {
            ImageHeight = 8192,
            ImageWidth = 8192,
            BatchSize = 1,
        };
        var view = Clips.View(ml, 1);
        var output = ml.Transforms.TdvFeaturize("Features", "Frame", model, options).Fit(view).Transform(view);
        var error = Assert.Throws<InvalidOperationException>(() =>
            output.GetRowCursor([output.Schema["Features"]]).Dispose()
        );
        // 3 heads of (1024² + 1)² weights in float32 are 12 TiB.
        Assert.StartsWith(
            "TdvFeaturize has no room: BatchSize is 1 and pictures have 8192 × 8192 pixels: featurizing a batch needs about 1229",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" are there. Lower ImageHeight and ImageWidth, or BatchSize.", error.Message);
    }

    [Fact]
    public void What_fits_is_not_refused()
    {
        var settings = FeatureSettings.From(new(), "Features", "Frame", Tiny);
        Assert.Null(FeatureMemory.Fault(settings, Tiny, attention: true, 1L << 30));
        Assert.NotNull(FeatureMemory.Fault(settings, Tiny, attention: true, 1 << 20));
    }
}
