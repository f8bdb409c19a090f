using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using SkiaSharp;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Tests.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Masks;

/// <summary>The same mask in every format that people have: 0 and 1 are classes, and 2 is ignored.</summary>
public sealed class MaskFormatTests : IDisposable
{
    private const int Width = 11;
    private const int Height = 5;

    private static readonly MaskClass[] Classes =
    [
        new(0, "Meadow", 60, 120, 60),
        new(1, "Ball", 220, 80, 40),
        new(2, "Void", 0, 0, 0, Ignore: true),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-masks-").FullName;
    private readonly byte[] _ids = [.. Enumerable.Range(0, Width * Height).Select(i => (byte)(i * 7 % 5 / 2))];

    private uint[] Expected => [.. _ids.Select(id => id == 2 ? 0u : id + 1u)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Gray_of_few_bits_holds_ids(int bits) => Assert.Equal(Expected, Decode(Png(bits, 0, [])));

    [Fact]
    public void Gray_of_one_bit_holds_ids()
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] &= 1;
        }

        Assert.Equal(Expected, Decode(Png(1, 0, [])));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Palettes_hold_ids_whatever_their_colors(int bits)
    {
        // Two entries share a color: only the numbers tell them apart.
        byte[] palette = [.. new byte[] { 128, 0, 0, 128, 0, 0, 1, 2, 3 }, .. new byte[((1 << bits) - 3) * 3]];
        Assert.Equal(Expected, Decode(Png(bits, 3, palette)));
    }

    [Fact]
    public void A_palette_of_other_numbers_is_read_by_its_colors()
    {
        // The numbers 0 to 2 stand for ids 1, 2, 0; a class file of ids 100 to 102 has their colors.
        MaskClass[] classes = [.. Classes.Select(c => c with { Id = c.Id + 100 })];
        byte[] palette = [60, 120, 60, 220, 80, 40, 0, 0, 0];
        string path = Save(Png(8, 3, palette));
        Assert.Equal(Expected, new MaskDecoder(classes).Decode(path, null).Keys);
    }

    [Fact]
    public void Colors_of_the_class_file_are_classes()
    {
        using var mat = new Mat(Height, Width, MatType.CV_8UC3);
        for (int i = 0; i < _ids.Length; i++)
        {
            var c = Classes[_ids[i]];
            mat.Set(i / Width, i % Width, new Vec3b(c.Blue, c.Green, c.Red));
        }

        Assert.Equal(Expected, Decode(mat));
    }

    [Fact]
    public void Equal_channels_opacity_and_sixteen_bits_are_accepted()
    {
        using var gray = Mat.FromPixelData(Height, Width, MatType.CV_8UC1, _ids);
        using var equal = gray.CvtColor(ColorConversionCodes.GRAY2BGR);
        using var glass = gray.CvtColor(ColorConversionCodes.GRAY2BGRA);
        using var wide = new Mat();
        gray.ConvertTo(wide, MatType.CV_16UC1);

        Assert.All([equal, glass, wide], mat => Assert.Equal(Expected, Decode(mat)));
    }

    [Fact]
    public void Ids_that_sixteen_bits_alone_hold_are_refused()
    {
        using var wide = new Mat(2, 3, MatType.CV_16UC1, new OpenCvSharp.Scalar(0));
        wide.Set(1, 2, (ushort)1000);
        string path = Path.Combine(_folder, "wide.png");
        wide.SaveImage(path);

        Assert.Equal(
            $"The mask '{path}' has 16 bits and holds the value 1000 at x=2, y=1; class ids go from 0 to 255. "
                + "Save it as an 8-bit gray PNG.",
            Assert.Throws<InvalidDataException>(() => MaskFile.Read(path)).Message
        );
    }

    [Theory]
    [InlineData(".jpg", "JPEG")]
    [InlineData(".webp", "lossy WebP")]
    public void Formats_that_change_values_are_refused(string ending, string format)
    {
        string path = Path.Combine(_folder, $"mask{ending}");
        using (var gray = Mat.FromPixelData(Height, Width, MatType.CV_8UC1, _ids))
        {
            gray.SaveImage(path, new ImageEncodingParam(ImwriteFlags.WebPQuality, 50));
        }

        Assert.StartsWith(
            $"The mask '{path}' is a {format} picture, which changes values",
            Assert.Throws<InvalidDataException>(() => MaskFile.Read(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_file_holds_counts_and_not_its_name()
    {
        using var gray = Mat.FromPixelData(Height, Width, MatType.CV_8UC1, _ids);
        using var glass = gray.CvtColor(ColorConversionCodes.GRAY2BGRA);
        glass.Set(0, 0, new Vec4b(0, 0, 0, 100));
        Cv2.ImEncode(".jpg", gray, out byte[] jpeg);
        Cv2.ImEncode(".webp", glass, out byte[] webp, new ImageEncodingParam(ImwriteFlags.WebPQuality, 50));
        Cv2.ImEncode(".webp", glass, out byte[] exact, new ImageEncodingParam(ImwriteFlags.WebPQuality, 101));
        Assert.Contains("VP8X", System.Text.Encoding.Latin1.GetString(webp), StringComparison.Ordinal);

        foreach (var (file, format) in new[] { (jpeg, "JPEG"), (webp, "lossy WebP") })
        {
            string path = Save(file);
            Assert.EndsWith(".png", path, StringComparison.Ordinal);
            Assert.StartsWith(
                $"The mask '{path}' is a {format} picture, which changes values",
                Assert.Throws<InvalidDataException>(() => MaskFile.Read(path)).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(Expected, Decode(exact));
    }

    [Fact]
    public void Several_classes_may_be_ignored()
    {
        MaskClass[] classes = [Classes[0], Classes[1] with { Ignore = true }, Classes[2]];
        using var gray = Mat.FromPixelData(Height, Width, MatType.CV_8UC1, _ids);
        Cv2.ImEncode(".png", gray, out byte[] file);

        Assert.Equal(_ids.Select(id => id == 0 ? 1u : 0u), new MaskDecoder(classes).Decode(Save(file), null).Keys);
    }

    [Fact]
    public void A_color_that_is_no_class_is_told_with_its_place()
    {
        using var mat = new Mat(2, 2, MatType.CV_8UC3, new OpenCvSharp.Scalar(60, 120, 60));
        mat.Set(1, 0, new Vec3b(1, 2, 3));
        string path = Path.Combine(_folder, "strange.png");
        mat.SaveImage(path);

        Assert.Equal(
            $"The mask '{path}' holds the color #030201 at x=0, y=1, which is no class's; 1 of its 4 pixels hold such "
                + "colors. Known colors: #3C783C Meadow, #DC5028 Ball, #000000 Void. Correct the classes' colors, or save "
                + "class ids as an 8-bit gray PNG.",
            Assert.Throws<InvalidDataException>(() => new MaskDecoder(Classes).Decode(path, null)).Message
        );
    }

    /// <summary>As pictures do: a note of 6 means that the first column, from the lowest row up, is the first row.</summary>
    [Fact]
    public void A_mask_stands_upright_as_its_file_notes()
    {
        string path = Save(TurnedPng.AddNote(Png(8, 0, []), 6));

        var (keys, height, width) = new MaskDecoder(Classes).Decode(path, null);

        Assert.Equal((Width, Height), (height, width));
        uint[] expected =
        [
            .. Enumerable
                .Range(0, Width)
                .SelectMany(x => Enumerable.Range(0, Height).Select(i => Expected[((Height - 1 - i) * Width) + x])),
        ];
        Assert.Equal(expected, keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(20)]
    public void A_mask_that_was_cut_short_is_told_as_such(int missing)
    {
        string path = Save(Png(8, 0, [])[..^missing]);

        Assert.Equal(
            $"The mask '{path}' ends too early: the file was cut short. Copy it again, or remove it.",
            Assert.Throws<InvalidDataException>(() => MaskFile.Read(path)).Message
        );
    }

    private uint[] Decode(byte[] file) => new MaskDecoder(Classes).Decode(Save(file), null).Keys;

    private uint[] Decode(Mat mat)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.png");
        mat.SaveImage(path);
        var (keys, height, width) = new MaskDecoder(Classes).Decode(path, null);
        Assert.Equal((Height, Width), (height, width));
        return keys;
    }

    private string Save(byte[] file)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.png");
        File.WriteAllBytes(path, file);
        return path;
    }

    /// <summary>Written by hand: no encoder at hand makes gray or palettes of so few bits.</summary>
    private byte[] Png(int bits, byte kind, byte[] palette)
    {
        var rows = new MemoryStream();
        for (int y = 0; y < Height; y++)
        {
            var row = new byte[((Width * bits) + 7) / 8];
            for (int x = 0; x < Width; x++)
            {
                row[x * bits / 8] |= (byte)(_ids[(y * Width) + x] << (8 - bits - (x * bits % 8)));
            }

            rows.WriteByte(0);
            rows.Write(row);
        }

        var packed = new MemoryStream();
        using (
            var zip = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, true)
        )
        {
            zip.Write(rows.ToArray());
        }

        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Chunk("IHDR"u8, [0, 0, 0, Width, 0, 0, 0, Height, (byte)bits, kind, 0, 0, 0]);
        if (palette.Length > 0)
        {
            Chunk("PLTE"u8, palette);
            Chunk("tRNS"u8, [0]);
        }

        Chunk("IDAT"u8, packed.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> name, byte[] content)
        {
            byte[] all = [.. name, .. content];
            var number = new byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            file.Write(number);
            file.Write(all);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(number, HugeMaskTests.Crc(all));
            file.Write(number);
        }
    }
}
