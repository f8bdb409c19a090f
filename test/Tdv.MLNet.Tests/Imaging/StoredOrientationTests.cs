using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Imaging;

/// <summary>ML.NET's own loader leaves pictures as they are stored: that is told where it matters.</summary>
public sealed class StoredOrientationTests : IDisposable
{
    private readonly TdvModel _model = TdvModel.Create(TdvPreset.Tiny, 5);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly MLContext _ml = new(1);

    public StoredOrientationTests()
    {
        TurnedJpeg.Write(_folder["1.jpg"], 1);
        TurnedJpeg.Write(_folder["3.jpg"], 3);
        TurnedJpeg.Write(_folder["6.jpg"], 6);
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                _warnings.Add(entry.Message);
            }
        };
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("3.jpg")]
    [InlineData("6.jpg")]
    public void A_picture_that_lies_as_it_is_stored_is_told_once(string name)
    {
        var load = _ml.Transforms.LoadImages("Frame", _folder.FullName, "Path");

        Run(load, "1.jpg", name, "6.jpg");

        string warning = Assert.Single(_warnings);
        Assert.EndsWith(
            $"The picture '{_folder[name]}' in 'Frame' is not upright: LoadImages leaves pictures as they are stored, and its "
                + "camera noted that it was turned (EXIF orientation). Load pictures by LoadPictures, as masks and tdv expect "
                + "them. Further pictures are not named.",
            warning,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nothing_is_told_of_pictures_that_stand_upright()
    {
        Run(_ml.Transforms.LoadImages("Frame", _folder.FullName, "Path"), "1.jpg");
        Run(_ml.Transforms.LoadPictures("Frame", _folder.FullName, "Path"), "1.jpg", "3.jpg", "6.jpg");

        Assert.Empty(_warnings);
    }

    [Fact]
    public void Masks_and_colors_ask_as_well_and_it_is_told_once_for_all()
    {
        var classes = new MaskClass[] { new(0, "a", 0, 0, 0), new(1, "b", 1, 1, 1) };
        using (var mask = new OpenCvSharp.Mat(32, 48, OpenCvSharp.MatType.CV_8UC1, OpenCvSharp.Scalar.All(1)))
        {
            mask.SaveImage(_folder["m.png"]);
        }

        // Upside down, so that no size tells of it.
        var rows = _ml.Data.LoadFromEnumerable([new Row { Path = "3.jpg", Mask = "m.png" }]);
        var images = _ml.Transforms.LoadImages("Frame", _folder.FullName, "Path");
        var masks = images.Append(_ml.Transforms.LoadMasks("Mask", _folder.FullName, "Mask", classes, "Frame"));
        Assert.Single(masks.Fit(rows).Transform(rows).GetColumn<VBuffer<uint>>("Mask"));
        Assert.Contains(
            "'3.jpg' in 'Frame' is not upright",
            Assert.Single(_warnings).Replace(_folder.FullName + "/", ""),
            StringComparison.Ordinal
        );

        var colors = images.Append(_ml.Transforms.ColorFeaturize("Color", "Frame", 2, 2));
        Assert.Single(colors.Fit(rows).Transform(rows).GetColumn<VBuffer<float>>("Color"));
        Assert.Single(_warnings);
    }

    private void Run(IEstimator<ITransformer> load, params string[] names)
    {
        var rows = _ml.Data.LoadFromEnumerable(names.Select(name => new Row { Path = name }));
        var chain = load.Append(
            _ml.Transforms.TdvFeaturize(
                "Features",
                "Frame",
                _model,
                new TdvFeatureOptions { ImageHeight = 32, ImageWidth = 32 }
            )
        );
        using var model = chain.Fit(rows);
        Assert.Equal(names.Length, model.Transform(rows).GetColumn<VBuffer<float>>("Features").Count());
    }

    private sealed class Row
    {
        public string Path { get; init; } = "";

        public string Mask { get; init; } = "";
    }
}
