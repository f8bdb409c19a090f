using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet.Masks;
using Tdv.Tool.Importing;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>A folder with one picture of 8×6 pixels, "my picture.png", and what is imported of labels of it.</summary>
internal sealed class ImportFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImportFolder()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        using var mat = new Mat(6, 8, MatType.CV_8UC3, new OpenCvSharp.Scalar(1, 2, 3));
        mat.SaveImage(_folder["pictures/my picture.png"]);
    }

    public string this[string name] => _folder[name];

    public static ILabelFormat Format(string name) =>
        name switch
        {
            "coco" => new CocoFormat(),
            "labelme" => new LabelmeFormat(),
            "cvat" => new CvatFormat(),
            _ => new LabelStudioFormat(),
        };

    public void Dispose() => _folder.Dispose();

    public string Write(string name, params string[] lines) => _folder.Write(name, lines);

    /// <returns>The ids of the one mask, a line for each row.</returns>
    public string Import(string format, string input)
    {
        string? pictures = format == "labelme" ? null : _folder["pictures"];
        new LabelImport(Format(format), input, pictures, _folder["out"]).Run();
        var list = LabeledInputs.Read(_folder["out/classes.txt"], _folder["out/list.txt"]).Lists[0];
        var image = Assert.Single(list.Images);
        Assert.Equal(_folder["pictures/my picture.png"], image.Path);
        Assert.Equal("000000-my_picture.png", Path.GetFileName(image.MaskPath));
        var mask = MaskFile.Read(image.MaskPath);
        return string.Join(
            "\n",
            mask.Indices!.Chunk(mask.Width)
                .Select(row => string.Concat(row.Select(id => id.ToString(CultureInfo.InvariantCulture))))
        );
    }

    public IEnumerable<string> Classes() => MaskClass.ReadFile(_folder["out/classes.txt"]).Select(one => one.Name);
}
