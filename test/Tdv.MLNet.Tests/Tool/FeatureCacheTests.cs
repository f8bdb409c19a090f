using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.PixelWise;
using Tdv.Tool.Probing;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class FeatureCacheTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_probe_sees_in_the_cache_what_it_sees_in_the_rows()
    {
        var train = Scene.View(_ml, 4);
        var test = Scene.View(_ml, 3, seed: 9);

        var cached = Evaluate(new FeatureCache(train, "Features").View(), new FeatureCache(test, "Features").View());

        var direct = Evaluate(train, test);
        Assert.Equal(direct.ConfusionMatrix, cached.ConfusionMatrix);
        Assert.Equal(["Sky", "Road", "Tree", "Ghost"], cached.ClassNames);
    }

    [Fact]
    public void Some_of_the_rows_keep_their_ids()
    {
        var rows = Scene.Rows(4);
        var view = new FeatureCache(Scene.View(_ml, 4), "Features").View([1, 3]);

        Assert.Equal([rows[1].Features, rows[3].Features], view.GetColumn<float[]>("Features"));
        using var cursor = view.GetRowCursor(view.Schema);
        var id = cursor.GetIdGetter();
        var ids = new List<ulong>();
        while (cursor.MoveNext())
        {
            DataViewRowId value = default;
            id(ref value);
            ids.Add(value.Low);
        }

        Assert.Equal([1UL, 3UL], ids);
    }

    private MaskMetrics Evaluate(IDataView train, IDataView test) =>
        _ml
            .MulticlassClassification.EvaluateFeatures(
                train,
                test,
                new() { Pixels = new PixelWiseOptions { SamplesPerImage = 20 } }
            )
            .Probe;
}
