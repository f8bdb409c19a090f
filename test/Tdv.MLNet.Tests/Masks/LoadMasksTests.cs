using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Tests.Color;
using Tdv.MLNet.Tests.Evaluation;
using Tdv.MLNet.Tests.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Masks;

public sealed class LoadMasksTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pixel_values_become_keys_and_ignored_classes_missing()
    {
        Save("mask.png", 3, 2, [0, 1, 2, 9, 3, 0]);
        var data = Rows("mask.png");
        var model = Masks().Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var output = new MLContext().Model.Load(stream, out _).Transform(data);

        Assert.Equal([1u, 2u, 3u, 0u, 4u, 1u], Assert.Single(output.GetColumn<uint[]>("Mask")));
        var legend = MaskLegend.Of(output.Schema["Mask"]);
        Assert.Equal(["Sky", "Road", "Tree", "Ghost"], legend.Names);
        Assert.Equal([0, 1, 2, 3], legend.Ids);
        Assert.Equal([0x808080u, 0x804080u, 0x808000u, 0x010203u], legend.Colors);
    }

    [Fact]
    public void A_value_that_is_no_class_id_is_an_error()
    {
        Save("mask.png", 3, 2, [0, 1, 2, 9, 7, 8]);

        Assert.Equal(
            $"The mask '{Path.Combine(_folder, "mask.png")}' holds the value 7 at x=1, y=1, which is no class id; 2 of its "
                + "6 pixels hold such values. Known ids: 0, 1, 2, 3, 9. Add the missing classes (marked ignore, if they "
                + "shall not count) or correct the mask.",
            Error<InvalidDataException>(Masks(), Rows("mask.png"))
        );
    }

    [Fact]
    public void A_mask_of_another_size_than_its_image_is_an_error()
    {
        Save("mask.png", 3, 2, new byte[6]);
        Save("image.png", 4, 2, new byte[8]);
        var pipeline = _ml
            .Transforms.LoadImages("Frame", _folder, "Image")
            .Append(_ml.Transforms.LoadMasks("Mask", _folder, "Path", Scene.Classes, "Frame"));

        var message = Error<InvalidDataException>(pipeline, Rows("mask.png"));

        Assert.Equal(
            $"The mask '{Path.Combine(_folder, "mask.png")}' is 3×2 pixels, but its image "
                + $"'{Path.Combine(_folder, "image.png")}' is 4×2. A mask must have its image's size.",
            message
        );
    }

    [Fact]
    public void Damaged_and_missing_masks_are_named()
    {
        File.WriteAllText(Path.Combine(_folder, "mask.png"), "not a picture");

        Assert.StartsWith(
            $"The mask '{Path.Combine(_folder, "mask.png")}' cannot be read",
            Error<InvalidDataException>(Masks(), Rows("mask.png"))
        );
        Assert.Equal(
            $"The mask '{Path.Combine(_folder, "none.png")}' does not exist.",
            Error<FileNotFoundException>(Masks(), Rows("none.png"))
        );
    }

    [Fact]
    public void Arguments_and_columns_are_refused_with_all_faults()
    {
        MaskClass[] classes = [new(0, "a", 0, 0, 0), new(0, "b", 0, 0, 0), new(300, "a", 0, 0, 0)];
        var arguments = Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadMasks("", _folder, " ", classes));
        Assert.Equal(
            """
            LoadMasks cannot work with these arguments:
            - outputColumnName is empty.
            - inputColumnName is empty.
            - class 'a' has the id 300; ids are pixel values from 0 to 255.
            - the id 0 belongs to 'a' and 'b'.
            - the name 'a' occurs 2 times.
            """.ReplaceLineEndings(),
            arguments.Message
        );

        var columns = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.LoadMasks("Mask", _folder, "None", Scene.Classes, "Image").Fit(Rows("mask.png"))
        );
        Assert.Equal(
            """
            LoadMasks cannot use these columns:
            - there is no column 'None' among 'Path', 'Image'; Text is expected.
            - column 'Image' is of type String; Image is expected, as LoadPictures or LoadFromVideos gives it.
            """.ReplaceLineEndings(),
            columns.Message
        );
    }

    private static string Error<T>(IEstimator<ITransformer> pipeline, IDataView data)
        where T : Exception =>
        Assert.Throws<T>(() => pipeline.Fit(data).Transform(data).GetColumn<uint[]>("Mask").ToArray()).Message;

    private MaskLoadingEstimator Masks() => _ml.Transforms.LoadMasks("Mask", _folder, "Path", Scene.Classes);

    private IDataView Rows(string path) => _ml.Data.LoadFromEnumerable([new Row { Path = path, Image = "image.png" }]);

    private void Save(string name, int width, int height, byte[] pixels)
    {
        using var mat = Mat.FromPixelData(height, width, MatType.CV_8UC1, pixels);
        mat.SaveImage(Path.Combine(_folder, name));
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";

        public string Image { get; set; } = "";
    }
}
