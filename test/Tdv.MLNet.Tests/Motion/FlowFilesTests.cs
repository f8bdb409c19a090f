using System.IO.Compression;
using OpenCvSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class FlowFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>u 1.5, −2 | 0.25, unknown; v 0, 3 | −4.75, unknown.</summary>
    private static FlowField Field() => new(2, 2, [1.5f, -2, 0.25f, float.NaN], [0, 3, -4.75f, float.NaN]);

    [Fact]
    public void A_flo_file_has_the_published_bytes()
    {
        string path = _folder["a.flo"];
        Field().Save(path);

        // "PIEH" is 202021.25, little-endian.
        byte[] expected =
        [
            .. "PIEH"u8,
            .. new[] { 2, 2 }.SelectMany(BitConverter.GetBytes),
            .. new[] { 1.5f, 0, -2, 3, 0.25f, -4.75f, 1e10f, 1e10f }.SelectMany(BitConverter.GetBytes),
        ];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("a.flo")]
    [InlineData("a.flo.gz")]
    [InlineData("a.png")]
    public void What_is_written_is_read_again(string name)
    {
        Field().Save(_folder[name]);
        var read = FlowField.Load(_folder[name]);

        Assert.Equal((2, 2), (read.Height, read.Width));
        Assert.Equal([true, true, true, false], read.Valid);
        Assert.Equal(Field().ToVector(), read.ToVector());
        Assert.Equal([_folder[name]], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_flow_picture_is_that_of_Kitti()
    {
        using var picture = new Mat(1, 2, MatType.CV_16UC3);
        picture.Set(0, 0, new Vec3w(1, 32768 - 64, 32768 + 96));
        picture.Set(0, 1, new Vec3w(0, 5, 6));
        Cv2.ImWrite(_folder["kitti.png"], picture);
        var read = FlowField.Load(_folder["kitti.png"]);

        Assert.Equal([true, false], read.Valid);
        Assert.Equal((1.5f, -1f), (read.U[0], read.V[0]));
        Assert.True(float.IsNaN(read.U[1]));
    }

    [Fact]
    public void Flow_beyond_the_format_is_refused()
    {
        var field = new FlowField(1, 2, [0, 600], [0, 0]);
        var error = Assert.Throws<ArgumentException>(() => field.Save(_folder["far.png"]));

        Assert.Equal(
            $"The flow cannot be written to '{_folder["far.png"]}': it is 600 pixels at x=1, y=0, and the format ends at "
                + "−512 and 511.98. Save it as .flo.",
            error.Message
        );
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Theory]
    [InlineData(
        "empty.flo",
        new byte[] { 1, 2 },
        "is cut short: it has 2 bytes, fewer than its header's 12. Copy it anew."
    )]
    [InlineData(
        "magic.flo",
        new byte[] { 0, 0, 128, 63, 1, 0, 0, 0, 1, 0, 0, 0 },
        "is no .flo file: it begins with 1, not with 202021.25."
    )]
    [InlineData(
        "huge.flo",
        new byte[] { 80, 73, 69, 72, 255, 255, 255, 127, 255, 255, 255, 127 },
        "claims 2147483647 × 2147483647 pixels; 1 to 268435456 pixels are possible. It is damaged; copy it anew."
    )]
    [InlineData(
        "negative.flo",
        new byte[] { 80, 73, 69, 72, 255, 255, 255, 255, 1, 0, 0, 0 },
        "claims -1 × 1 pixels; 1 to 268435456 pixels are possible. It is damaged; copy it anew."
    )]
    [InlineData(
        "short.flo",
        new byte[] { 80, 73, 69, 72, 0, 64, 0, 0, 0, 64, 0, 0, 1, 2, 3 },
        "is cut short: it has not all of the 16384 × 16384 pixels it claims. Copy it anew."
    )]
    [InlineData("no.png", new byte[] { 1, 2, 3 }, "cannot be read: it is damaged, cut short, or no PNG. Copy it anew.")]
    [InlineData("a.txt", new byte[] { 1 }, "is of an unknown format; .flo, .flo.gz and .png can be read.")]
    public void A_bad_file_is_named(string name, byte[] bytes, string fault)
    {
        File.WriteAllBytes(_folder[name], bytes);
        var error = Assert.Throws<InvalidDataException>(() => FlowField.Load(_folder[name]));

        Assert.Equal($"The flow '{_folder[name]}' {fault}", error.Message);
    }

    [Fact]
    public void A_packed_file_cut_short_or_damaged_is_named()
    {
        string path = _folder["a.flo.gz"];
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Optimal))
        {
            packed.Write([80, 73, 69, 72, 2, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4]);
        }

        var error = Assert.Throws<InvalidDataException>(() => FlowField.Load(path));
        Assert.Equal(
            $"The flow '{path}' is cut short: it has not all of the 2 × 2 pixels it claims. Copy it anew.",
            error.Message
        );

        File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        error = Assert.Throws<InvalidDataException>(() => FlowField.Load(path));
        Assert.StartsWith(
            $"The flow '{path}' cannot be unpacked: it is damaged (",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_picture_cut_short_is_no_flow()
    {
        string path = _folder["a.png"];
        var random = new Random(1);
        float[] Numbers() => [.. Enumerable.Range(0, 64 * 64).Select(_ => (100 * random.NextSingle()) - 50)];
        new FlowField(64, 64, Numbers(), Numbers()).Save(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..8000]);
        var error = Assert.Throws<InvalidDataException>(() => FlowField.Load(path));

        Assert.Equal(
            $"The flow '{path}' cannot be read: it is damaged, cut short, or no PNG. Copy it anew.",
            error.Message
        );
    }

    [Fact]
    public void A_picture_of_8_bits_is_no_flow()
    {
        using var picture = new Mat(1, 2, MatType.CV_8UC3, Scalar.All(1));
        Cv2.ImWrite(_folder["a.png"], picture);
        var error = Assert.Throws<InvalidDataException>(() => FlowField.Load(_folder["a.png"]));

        Assert.Equal(
            $"The flow '{_folder["a.png"]}' has 3 channel(s) of 8 bits; flow pictures have 3 channels of 16 bits, as KITTI's.",
            error.Message
        );
    }

    [Fact]
    public void A_field_of_another_size_than_its_numbers_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new FlowField(2, 3, [1], [1, 2]));

        Assert.Equal(
            "This is no flow field:\n- u has 1 values; 2 × 3 pixels need 6.\n- v has 2 values; 2 × 3 pixels need 6.",
            error.Message
        );
    }

    public void Dispose() => _folder.Dispose();
}
