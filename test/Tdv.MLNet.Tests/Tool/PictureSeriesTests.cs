using Tdv.MLNet.Tests.Video;
using Tdv.MLNet.Video;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class PictureSeriesTests : IDisposable
{
    private readonly TestVideo _files = new();

    [Fact]
    public void The_predecessor_is_the_picture_before_by_number_in_its_series()
    {
        foreach (string name in new[] { "1", "2", "10", "11", "left_1", "left_9", "left_10", "mask_1" })
        {
            Write($"{name}.png");
        }

        Assert.Equal(
            ["1<1", "1<2", "2<10", "10<11", "left_1<left_1", "left_1<left_9", "left_9<left_10", "mask_1<mask_1"],
            Pairs(new PictureSeries(new FolderFiles(_files.Folder).Pictures))
        );
    }

    [Fact]
    public void A_damaged_picture_is_named_and_the_others_have_rows()
    {
        Write("1.png");
        _files.WriteBytes("2.png", 1, 2, 3);
        Write("3.png");
        byte[] whole = File.ReadAllBytes(_files.At("3.png"));
        _files.WriteBytes("4.png", whole[..^(whole.Length / 2)]);
        _files.WriteBytes("5.png");
        var series = new PictureSeries(new FolderFiles(_files.Folder).Pictures);

        Assert.Equal(["1<1", "1<3"], Pairs(series));
        Assert.Equal([0, 2], series.Taken);
        Assert.Equal(3, series.Faults.Count);
        Assert.StartsWith($"The picture '{_files.At("2.png")}'", series.Faults[0], StringComparison.Ordinal);
        Assert.StartsWith($"The picture '{_files.At("4.png")}'", series.Faults[1], StringComparison.Ordinal);
        Assert.Equal($"The picture '{_files.At("5.png")}' is empty, or no plain file.", series.Faults[2]);
    }

    public void Dispose() => _files.Dispose();

    private void Write(string name)
    {
        using OpenCvSharp.Mat frame = TestVideo.Numbered(1);
        File.WriteAllBytes(_files.At(name), frame.ImEncode(".png"));
    }

    private static string[] Pairs(PictureSeries series) =>
        [
            .. series
                .Rows()
                .Select(row =>
                    $"{Path.GetFileNameWithoutExtension(row.PreviousPath)}<{Path.GetFileNameWithoutExtension(row.Path)}"
                ),
        ];
}
