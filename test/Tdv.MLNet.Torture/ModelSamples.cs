using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Model;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Tests;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Torture;

/// <summary>A small pipeline with every transformer of the library, saved by ML.NET.</summary>
internal static class ModelSamples
{
    private static readonly Lazy<byte[]> Saved = new(Create);

    // Entries are mutated unpacked: in a zip, nearly every change would only break the compression.
    private static (string Name, byte[] Bytes)[] _entries = [];

    public static byte[] Zip() => Saved.Value;

    public static byte[] Network()
    {
        using var model = TinyModel();
        return model.ToBytes();
    }

    /// <summary>Each entry of the zip that is this library's to read, with its number in front.</summary>
    public static byte[][] Entries()
    {
        using var zip = new ZipArchive(new MemoryStream(Saved.Value));
        _entries = [.. zip.Entries.Select(entry => (entry.FullName, Read(entry)))];
        return
        [
            .. _entries
                .Select((entry, index) => (entry, Bytes: (byte[])[(byte)index, .. entry.Bytes]))
                .Where(sample =>
                    sample.Bytes.AsSpan().IndexOf("TDV"u8) >= 0
                    || sample.entry.Name.EndsWith("Weights.safetensors", StringComparison.Ordinal)
                )
                .Select(sample => sample.Bytes),
        ];
    }

    /// <summary>Puts a mutated entry back and loads the model.</summary>
    public static void LoadEntries(byte[] entry)
    {
        int mutated = entry.Length == 0 ? 0 : entry[0] % _entries.Length;
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < _entries.Length; i++)
            {
                using var target = zip.CreateEntry(_entries[i].Name, CompressionLevel.NoCompression).Open();
                target.Write(i == mutated ? entry.AsSpan(Math.Min(1, entry.Length)) : _entries[i].Bytes);
            }
        }

        var loaded = new MLContext(1).Model.Load(stream, out _);
        (loaded as IDisposable)?.Dispose();
    }

    private static byte[] Create()
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
        using var stream = new MemoryStream();
        // Without the schema, a format of ML.NET's own, whose reader a changed byte can keep busy for ever.
        ml.Model.Save(pipeline.Fit(view), null, stream);
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
        Safetensors.Write(stream, network.NamedTensors(), NetworkDescription.Write(options));
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
