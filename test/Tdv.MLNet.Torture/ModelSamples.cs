using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Model;
using Tdv.MLNet.Tests;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Torture;

/// <summary>The transformers of the library in small, each saved by ML.NET.</summary>
internal static class ModelSamples
{
    private static readonly Lazy<byte[][]> Saved = new(Create);

    // Entries are mutated unpacked: in a zip, nearly every change would only break the compression.
    private static readonly List<((string Name, byte[] Bytes)[] Zip, int Mutated)> Unpacked = [];

    /// <summary>
    /// A zip for each transformer of the library but the pixel classifier's, which contains a trainer's model: ML.NET's
    /// readers of schemas and of arrays of numbers never end where a changed count makes them wait for more bytes.
    /// </summary>
    public static byte[][] Zips() => [.. Saved.Value.Where(zip => !HasRowModel(zip))];

    public static byte[] Network()
    {
        using var model = TinyModel();
        return model.ToBytes();
    }

    /// <summary>Each entry of the zips that is this library's to read, with its number in front.</summary>
    public static byte[][] Entries()
    {
        var samples = new List<byte[]>();
        foreach (byte[] bytes in Saved.Value)
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            (string Name, byte[] Bytes)[] entries = [.. zip.Entries.Select(entry => (entry.FullName, Read(entry)))];
            for (int i = 0; i < entries.Length; i++)
            {
                if (
                    entries[i].Bytes.AsSpan().IndexOf("TDV"u8) >= 0
                    || entries[i].Name.EndsWith("Weights.safetensors", StringComparison.Ordinal)
                )
                {
                    samples.Add([(byte)Unpacked.Count, .. entries[i].Bytes]);
                    Unpacked.Add((entries, i));
                }
            }
        }

        return [.. samples];
    }

    /// <summary>Puts a mutated entry back and loads the model.</summary>
    public static void LoadEntries(byte[] entry)
    {
        var (entries, mutated) = Unpacked[entry.Length == 0 ? 0 : entry[0] % Unpacked.Count];
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < entries.Length; i++)
            {
                using var target = zip.CreateEntry(entries[i].Name, CompressionLevel.NoCompression).Open();
                target.Write(i == mutated ? entry.AsSpan(Math.Min(1, entry.Length)) : entries[i].Bytes);
            }
        }

        var loaded = new MLContext(1).Model.Load(stream, out _);
        (loaded as IDisposable)?.Dispose();
    }

    private static byte[][] Create()
    {
        using var toy = new ToyData(3);
        var ml = new MLContext(1);
        using var model = TinyModel();
        var rows = Enumerable
            .Range(0, 3)
            .Select(i => new PictureRow { Picture = ToyData.Name(i), Mask = ToyData.Name(i) });
        var view = ml.Data.LoadFromEnumerable(rows);
        var trainer = ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
            new Microsoft.ML.Trainers.SdcaMaximumEntropyMulticlassTrainer.Options { MaximumNumberOfIterations = 1 }
        );
        var pipeline = ml
            .Transforms.LoadImages("Frame", toy.FrameFolder, nameof(PictureRow.Picture))
            .Append(
                ml.Transforms.TdvFeaturize(
                    "Features",
                    "Frame",
                    model,
                    new TdvFeatureOptions { ImageHeight = 48, ImageWidth = 64 }
                )
            )
            .Append(
                ml.Transforms.LoadMasks(
                    "Mask",
                    toy.MaskFolder,
                    nameof(PictureRow.Mask),
                    MaskClass.ReadFile(toy.ClassFile),
                    "Frame"
                )
            )
            .Append(
                ml.MulticlassClassification.Trainers.PixelWise(
                    trainer,
                    new PixelWiseOptions
                    {
                        FeatureColumnNames = ["Features"],
                        ImageColumnName = "Frame",
                        LabelColumnName = "Mask",
                    }
                )
            );
        var fitted = (IEnumerable<ITransformer>)pipeline.Fit(view);
        return [.. fitted.Where(IsOurs).Select(transformer => Save(ml, transformer))];
    }

    private static bool HasRowModel(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return zip.Entries.Any(entry => entry.FullName.Contains("PixelModel", StringComparison.Ordinal));
    }

    private static bool IsOurs(ITransformer transformer) => transformer.GetType().Assembly == typeof(TdvModel).Assembly;

    private static byte[] Save(MLContext ml, ITransformer transformer)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(transformer, null, stream);
        return stream.ToArray();
    }

    /// <summary>As small as it gets, so that 100,000 loads take minutes.</summary>
    private static TdvModel TinyModel()
    {
        using var init = new Initialization(1);
        var options = new NetworkOptions
        {
            ImageSize = 16,
            PatchSize = 8,
            Dimension = 8,
            Heads = 2,
            Depth = 1,
            MotionDepth = 1,
        };
        using var network = new TdvNetwork(options, init);
        using var stream = new MemoryStream();
        Safetensors.Write(stream, network.NamedTensors().Select(TensorSource.Of), NetworkDescription.Write(options));
        return TdvModel.FromBytes(stream.ToArray(), "sample");
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class PictureRow
    {
        public string Picture { get; set; } = "";

        public string Mask { get; set; } = "";
    }
}
