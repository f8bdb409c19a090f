using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Video;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

public sealed class TdvSummarizeTests : IDisposable
{
    private const int D = 192;
    private readonly MLContext _ml = new(seed: 1);
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);
    private readonly TestVideo _videos = new();

    private sealed class Clip
    {
        public string Path { get; set; } = "";

        public string Kind { get; set; } = "";
    }

    private sealed class Summarized
    {
        public float[] Summary { get; set; } = [];
    }

    private static TdvSummaryOptions Small =>
        new()
        {
            ImageHeight = 16,
            ImageWidth = 40,
            MaxFrames = 3,
            BatchSize = 2,
        };

    public void Dispose()
    {
        _model.Dispose();
        _videos.Dispose();
    }

    [Fact]
    public void The_vector_holds_means_and_maxima_of_motion_and_CLS()
    {
        string video = _videos.Write("a.mp4", rate: 8, frames: 30);
        // The same by the columns of single frames: the first three of them.
        var rows = _ml.Data.TakeRows(
            _ml.Data.LoadFromVideos(video, new VideoOptions { FrameHeight = 16, FrameWidth = 40 }),
            3
        );
        var features = new TdvFeatureOptions
        {
            ImageHeight = 16,
            ImageWidth = 40,
            ClsColumnName = "Cls",
            MotionColumnName = "Motion",
        };
        var frames = _ml.Transforms.TdvFeaturize("Features", "Frame", _model, features).Fit(rows).Transform(rows);
        float[][] cells = [.. frames.GetColumn<float[]>("Motion").SelectMany(grid => grid.Chunk(D))];
        float[][] cls = [.. frames.GetColumn<float[]>("Cls")];
        Assert.Equal((30, 3), (cells.Length, cls.Length));
        float[] expected =
        [
            .. Each(i => cells.Average(cell => (double)cell[i])),
            .. Each(i => cells.Max(cell => cell[i])),
            .. Each(i => cells.Average(cell => (double)Math.Abs(cell[i]))),
            .. Each(i => cls.Average(frame => (double)frame[i])),
            .. Each(i => cls.Max(frame => frame[i])),
        ];

        float[] summary = Assert.Single(Summaries(Small, video));

        Assert.Equal(5 * D, summary.Length);
        Assert.All(expected.Zip(summary), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Parts_are_chosen_and_their_order_stays()
    {
        string video = _videos.Write("a.mp4", rate: 8, frames: 12);
        float[] all = Assert.Single(Summaries(Small, video));
        float[] two = Assert.Single(
            Summaries(Small with { Parts = TdvSummaryParts.MeanCls | TdvSummaryParts.MaxMotion }, video)
        );
        Assert.Equal([.. all[D..(2 * D)], .. all[(3 * D)..(4 * D)]], two);
    }

    [Fact]
    public void A_saved_chain_classifies_clips_by_their_paths_alone()
    {
        string[] still = [.. Enumerable.Range(0, 3).Select(i => _videos.Write($"still{i}.mp4", 8, 4 + i))];
        string folder = _videos.WriteFolder("frames", 12);
        Clip[] clips =
        [
            .. still.Select(path => new Clip { Path = path, Kind = "x" }),
            new() { Path = folder, Kind = "y" },
        ];
        var data = _ml.Data.LoadFromEnumerable(clips);
        var pipeline = _ml
            .Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.Transforms.TdvSummarize("Features", "Path", _model, Small))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 2))
            .Append(_ml.Transforms.CopyColumns("Summary", "Features"));
        using var model = pipeline.Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var other = new MLContext();
        var loaded = other.Model.Load(stream, out _);
        using var engine = other.Model.CreatePredictionEngine<Clip, Summarized>(loaded);

        float[][] before = [.. model.Transform(data).GetColumn<float[]>("Summary")];
        Assert.Equal(before, loaded.Transform(data).GetColumn<float[]>("Summary"));
        Assert.Equal(before[3], engine.Predict(clips[3]).Summary);
        Assert.NotEqual(before[0], before[3]);
    }

    [Fact]
    public void A_clip_that_cannot_be_read_is_an_error_or_missing()
    {
        string good = _videos.Write("good.mp4", rate: 8, frames: 8);
        string bad = _videos.WriteBytes("bad.mp4", 1, 2, 3);
        string none = _videos.At("none.mp4");
        var error = Assert.Throws<InvalidDataException>(() => Summaries(Small, good, bad));
        Assert.StartsWith($"The clip '{bad}' cannot be read. No frame pair could be read from 1 video:", error.Message);
        error = Assert.Throws<InvalidDataException>(() => Summaries(Small, none));
        Assert.StartsWith($"The clip '{none}' cannot be read. '{none}' does not exist.", error.Message);

        var warnings = new List<string>();
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(entry.RawMessage);
            }
        };
        var summaries = Summaries(Small with { MissingIfUnreadable = true }, good, bad, none);
        Assert.DoesNotContain(float.NaN, summaries[0]);
        Assert.All(summaries[1].Concat(summaries[2]), value => Assert.True(float.IsNaN(value)));
        Assert.Contains(
            warnings,
            text => text.StartsWith($"The clip '{bad}' cannot be read.", StringComparison.Ordinal)
        );
        Assert.Contains("2 of 3 clips could not be read; their summaries are missing.", warnings);
    }

    /// <summary>Of the same length, so that only the number is damaged and not the file around it. ML.NET keeps texts as UTF-16.</summary>
    [Theory]
    [InlineData("\"MaxFrames\":3", "\"MaxFrames\":0", "MaxFrames is 0; it must be at least 1.")]
    [InlineData("\"Parts\":31", "\"Parts\":00", " Save the model again.")]
    [InlineData("\"Parts\":31", "\"Parts\":99", "Parts is 99; give at least one of TdvSummaryParts.")]
    [InlineData("\"Parts\":31", "\"Parts\":7 ", "its network computes something else. Save the model again.")]
    [InlineData("\"Options\":{", "\"Optioms\":{", "Options are missing.")]
    public void A_damaged_zip_is_named(string good, string bad, string fault)
    {
        var data = _ml.Data.LoadFromEnumerable([new Clip { Path = "a.mp4" }]);
        using var model = _ml.Transforms.TdvSummarize("Summary", "Path", _model, Small).Fit(data);
        string path = _videos.At("model.zip");
        _ml.Model.Save(model, data.Schema, path);
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            int damaged = 0;
            foreach (var entry in zip.Entries.Where(entry => entry.Length < 1 << 20))
            {
                byte[] bytes = new byte[entry.Length];
                using var stream = entry.Open();
                stream.ReadExactly(bytes);
                int at = bytes.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(good));
                if (at >= 0)
                {
                    stream.Position = at;
                    stream.Write(System.Text.Encoding.Unicode.GetBytes(bad));
                    damaged++;
                }
            }

            Assert.Equal(1, damaged);
        }

        var error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        while (error is System.Reflection.TargetInvocationException { InnerException: { } inner })
        {
            error = inner;
        }

        Assert.IsType<InvalidDataException>(error);
        Assert.StartsWith("The saved model's TdvSummarize step is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Relative_paths_are_resolved_against_the_folder()
    {
        string video = _videos.Write("a.mp4", rate: 8, frames: 8);
        Assert.Equal(Summaries(Small, video), Summaries(Small with { Folder = _videos.Folder }, "a.mp4"));
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.TdvSummarize(
                "",
                "Path",
                _model,
                new TdvSummaryOptions
                {
                    Parts = TdvSummaryParts.None,
                    MaxFrames = 0,
                    FrameInterval = 0,
                }
            )
        );
        Assert.Equal(
            "TdvSummarize cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- Parts is None; give at least one of TdvSummaryParts.\n- MaxFrames is 0; it must be at least 1.\n"
                + "- FrameInterval is 0; it must be at least 0.001 seconds.",
            error.Message
        );
    }

    private List<float[]> Summaries(TdvSummaryOptions options, params string[] paths)
    {
        var data = _ml.Data.LoadFromEnumerable(paths.Select(path => new Clip { Path = path }));
        var model = _ml.Transforms.TdvSummarize("Summary", "Path", _model, options).Fit(data);
        return [.. model.Transform(data).GetColumn<float[]>("Summary")];
    }

    private static IEnumerable<float> Each(Func<int, double> value) =>
        Enumerable.Range(0, D).Select(i => (float)value(i));
}
