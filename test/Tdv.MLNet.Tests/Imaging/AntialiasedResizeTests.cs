using System.Text.Json;
using Tdv.MLNet.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Imaging;

public sealed class AntialiasedResizeTests
{
    [Fact]
    public void HalvingFourPixels_GivesTheTriangleFiltersNumbers()
    {
        // Support 2 around the center 1: weights 0.25 0.75 0.75 (0.25) over positions 0..2, renormalized at the border.
        // target 0: (0.75·0 + 0.75·70 + 0.25·140) / 1.75 = 50; target 1: (0.25·70 + 0.75·140 + 0.75·210) / 1.75 = 160
        byte[] row = Gray(0, 70, 140, 210);
        byte[] target = new byte[6];

        AntialiasedResize.Run(row, 1, 4, 3, target, 1, 2);

        Assert.Equal(Gray(50, 160), target);
    }

    [Fact]
    public void VerticalPass_IsTheHorizontalPassTurned()
    {
        byte[] target = new byte[6];

        AntialiasedResize.Run(Gray(0, 70, 140, 210), 4, 1, 3, target, 2, 1);

        Assert.Equal(Gray(50, 160), target);
    }

    [Fact]
    public void Enlarging_InterpolatesBetweenPixelCenters()
    {
        byte[] target = new byte[12];

        AntialiasedResize.Run(Gray(0, 100), 1, 2, 3, target, 1, 4);

        Assert.Equal(Gray(0, 25, 75, 100), target);
    }

    [Fact]
    public void FourChannels_AreResizedAlike()
    {
        byte[] source = [0, 0, 210, 9, 70, 70, 140, 9, 140, 140, 70, 9, 210, 210, 0, 9];
        byte[] target = new byte[8];

        AntialiasedResize.Run(source, 1, 4, 4, target, 1, 2);

        Assert.Equal(new byte[] { 50, 50, 160, 9, 160, 160, 50, 9 }, target);
    }

    [Fact]
    public void SameSize_CopiesTheBytes()
    {
        byte[] source = Gray(1, 2, 3, 4);
        byte[] target = new byte[12];

        AntialiasedResize.Run(source, 2, 2, 3, target, 2, 2);

        Assert.Equal(source, target);
    }

    [Fact]
    public void ShortTarget_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            AntialiasedResize.Run(new byte[12], 2, 2, 3, new byte[2], 1, 1)
        );

        Assert.Contains("The target of a resize is 1×1×3 in 2 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StoredPicturesOfPillow_ComeOutByteForByte()
    {
        string? file = Goldens("H_extras/preprocess.safetensors");
        Assert.SkipWhen(file is null, "The stored numbers of the reference are not on this machine.");
        var tensors = ReadTensors(file!);

        int compared = 0;
        foreach ((string name, (int[] shape, byte[] data)) in tensors)
        {
            if (name.EndsWith(".uint8_hwc", StringComparison.Ordinal))
            {
                string prefix = name[..name.IndexOf('.', StringComparison.Ordinal)] + ".transformed_";
                string expected = tensors.Keys.Single(k => k.StartsWith(prefix, StringComparison.Ordinal));
                CompareWithNormalized(shape, data, tensors[expected].Shape, tensors[expected].Data);
                compared++;
            }
        }
        Assert.Equal(3, compared);
    }

    private static void CompareWithNormalized(int[] shape, byte[] source, int[] targetShape, byte[] expected)
    {
        float[] mean = [0.485f, 0.456f, 0.406f];
        float[] deviation = [0.229f, 0.224f, 0.225f];
        int height = targetShape[1];
        int width = targetShape[2];
        byte[] target = new byte[height * width * 3];
        AntialiasedResize.Run(source, shape[0], shape[1], 3, target, height, width);
        for (int i = 0; i < target.Length; i++)
        {
            int channel = i % 3;
            int plane = (channel * height * width) + (i / 3);
            float normalized = BitConverter.ToSingle(expected, plane * sizeof(float));
            int value = (int)MathF.Round(((normalized * deviation[channel]) + mean[channel]) * 255);
            Assert.Equal(value, target[i]);
        }
    }

    private static Dictionary<string, (int[] Shape, byte[] Data)> ReadTensors(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(file, 0);
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        var tensors = new Dictionary<string, (int[], byte[])>();
        foreach (JsonProperty entry in json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
            int[] range = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt32())];
            tensors[entry.Name] = (shape, file[(8 + header + range[0])..(8 + header + range[1])]);
        }
        return tensors;
    }

    private static string? Goldens(string file)
    {
        if (Environment.GetEnvironmentVariable("TDV_GOLDENS") is { Length: > 0 } given)
        {
            return Path.Combine(given, file);
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "goldens", file);
            if (File.Exists(path))
            {
                return path;
            }
        }
        return null;
    }

    private static byte[] Gray(params byte[] values) => [.. values.SelectMany(v => new[] { v, v, v })];
}
