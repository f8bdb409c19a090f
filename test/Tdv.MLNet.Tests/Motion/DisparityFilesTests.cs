using System.Text;
using OpenCvSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class DisparityFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("-1", true)]
    [InlineData("1.0", false)]
    [InlineData("-0.003922", true)]
    public void A_float_map_is_read_from_the_lowest_row_up(string scale, bool little)
    {
        float[] stored = [4, float.PositiveInfinity, 1.5f, 2.5f];
        byte[] bytes =
        [
            .. Encoding.ASCII.GetBytes($"Pf\n2 2\n{scale}\n"),
            .. stored.SelectMany(value =>
                little == BitConverter.IsLittleEndian
                    ? BitConverter.GetBytes(value)
                    : BitConverter.GetBytes(value).Reverse()
            ),
        ];
        File.WriteAllBytes(_folder["a.pfm"], bytes);
        var read = DisparityMap.Load(_folder["a.pfm"]);

        Assert.Equal([1.5f, 2.5f, 4, float.NaN], read.Values);
        Assert.Equal([true, true, true, false], read.Valid);
    }

    [Theory]
    [InlineData("a.pfm", null)]
    [InlineData("a.png", null)]
    [InlineData("a.png", 100.0)]
    public void What_is_written_is_read_again(string name, double? divisor)
    {
        var map = new DisparityMap(2, 2, [1.5f, 2.25f, 200, float.NaN]);
        map.Save(_folder[name], divisor);
        var read = DisparityMap.Load(_folder[name], divisor);

        Assert.Equal(map.Values, read.Values);
        Assert.Equal([_folder[name]], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_picture_of_8_bits_is_divided_by_what_is_said()
    {
        using var picture = new Mat(1, 3, MatType.CV_8UC1);
        picture.SetArray<byte>([0, 10, 255]);
        Cv2.ImWrite(_folder["a.png"], picture);

        Assert.Equal([float.NaN, 2.5f, 63.75f], DisparityMap.Load(_folder["a.png"], 4).Values);
        var error = Assert.Throws<InvalidDataException>(() => DisparityMap.Load(_folder["a.png"]));
        Assert.Equal(
            $"The disparity '{_folder["a.png"]}' is a picture of 8 bits, which are not always pixels. Say what its values "
                + "are to be divided by, such as 1, 2 or 4.",
            error.Message
        );
    }

    [Fact]
    public void A_disparity_near_0_stays_known()
    {
        new DisparityMap(1, 2, [0, float.NaN]).Save(_folder["a.png"]);

        Assert.Equal([1 / 256f, float.NaN], DisparityMap.Load(_folder["a.png"]).Values);
    }

    [Theory]
    [InlineData("P5\n2 2\n-1\n", "is no .pfm file: it does not begin with 'Pf'.")]
    [InlineData("PF\n2 2\n-1\n", "has 3 channels; a .pfm of one channel is expected, which begins with 'Pf'.")]
    [InlineData(
        "Pf\n99999999 99999999\n-1\n",
        "claims '99999999' × '99999999' pixels; 1 to 268435456 pixels are possible. It is damaged; copy it anew."
    )]
    [InlineData(
        "Pf\ntwo 2\n-1\n",
        "claims 'two' × '2' pixels; 1 to 268435456 pixels are possible. It is damaged; copy it anew."
    )]
    [InlineData(
        "Pf\n2 2\n0\n",
        "has the scale '0'; a number other than 0 is expected, whose sign tells the order of bytes. It is damaged; copy it anew."
    )]
    [InlineData(
        "Pf\n9999 9999\n-1\nabc",
        "is cut short: it has not all of the 9999 × 9999 pixels it claims. Copy it anew."
    )]
    public void A_bad_float_map_is_named(string text, string fault)
    {
        File.WriteAllText(_folder["a.pfm"], text);
        var error = Assert.Throws<InvalidDataException>(() => DisparityMap.Load(_folder["a.pfm"]));

        Assert.Equal($"The disparity '{_folder["a.pfm"]}' {fault}", error.Message);
    }

    [Fact]
    public void What_does_not_fit_the_picture_is_refused()
    {
        var map = new DisparityMap(1, 2, [1, -3]);
        var error = Assert.Throws<ArgumentException>(() => map.Save(_folder["a.png"]));

        Assert.Equal(
            $"The disparity cannot be written to '{_folder["a.png"]}': it is -3 pixels at x=1, y=0, and the format ends at "
                + "0 and 256. Save it as .pfm.",
            error.Message
        );
    }

    [Fact]
    public void A_color_picture_is_no_disparity()
    {
        using var picture = new Mat(1, 2, MatType.CV_8UC3, Scalar.All(1));
        Cv2.ImWrite(_folder["a.png"], picture);
        var error = Assert.Throws<InvalidDataException>(() => DisparityMap.Load(_folder["a.png"], 1));

        Assert.Equal(
            $"The disparity '{_folder["a.png"]}' has 3 channel(s) of 8 bits; disparity pictures are gray, of 8 or 16 bits.",
            error.Message
        );
    }

    public void Dispose() => _folder.Dispose();
}
