using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Weights;
using Xunit;

namespace Tdv.MLNet.Tests.Weights;

/// <summary>
/// Damaged files may be refused, nothing else: no other exception, no tensor outside the file, no memory out of
/// proportion. <c>TDV_FUZZ_INPUTS</c> sets the number of inputs, <c>TDV_FUZZ_SEED</c> the first seed.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long MaxAllocated = 64 << 20;
    private const string Header = """
        {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b.weight":
        {"dtype":"I64","shape":[],"data_offsets":[24,32]},"c\u00fc":{"dtype":"BF16","shape":[0,7],"data_offsets":[32,32]}}
        """;

    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "Weights", "assets");

    private static int Inputs => Setting("TDV_FUZZ_INPUTS", 20_000);

    private static int Seed => Setting("TDV_FUZZ_SEED", 1);

    [Fact]
    public void Damaged_safetensors_files_are_read_or_refused() =>
        Fuzz([Safetensors()], Inputs / 4, bytes => Check(SafetensorsFile.Open(new MappedBytes(bytes, "a"))));

    [Fact]
    public void Damaged_checkpoints_are_read_or_refused() =>
        Fuzz(Checkpoints(), Inputs / 4, bytes => Check(TorchCheckpointFile.Open(new MappedBytes(bytes, "a"))));

    [Fact]
    public void Damaged_pickles_are_read_or_refused() =>
        Fuzz(
            [.. Checkpoints().Select(Pickle)],
            Inputs - Inputs / 4 * 2,
            bytes =>
            {
                var reader = new PickleReader(bytes, (_, type, elements) => new PickleStorage(type, 0, elements));
                var root = reader.Read();
                return reader.Refused.Count == 0 ? StateDict.Tensors(root).Count : 0;
            }
        );

    [Fact]
    public void Damaged_networks_are_loaded_or_refused()
    {
        var options = new NetworkOptions
        {
            ImageSize = 16,
            PatchSize = 8,
            Dimension = 8,
            Heads = 2,
            Depth = 1,
            MotionDepth = 1,
        };
        using var init = new Initialization(1);
        using var network = new TdvNetwork(options, init);
        using var file = new MemoryStream();
        Tdv.MLNet.Weights.Safetensors.Write(
            file,
            network.NamedTensors().Select(TensorSource.Of),
            NetworkDescription.Write(options)
        );
        Fuzz(
            [file.ToArray()],
            Inputs / 10,
            bytes =>
            {
                using var model = TdvModel.FromBytes(bytes, "a");
                return model.Depth;
            }
        );
    }

    private void Fuzz(byte[][] samples, int inputs, Func<byte[], int> read)
    {
        var mutator = new Mutator(Seed, samples);
        var accepted = 0;
        long most = 0;
        for (var i = 0; i < inputs; i++)
        {
            var bytes = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
                accepted++;
            }
            catch (InvalidDataException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Input {i} of seed {Seed} threw {exception}\n{Convert.ToBase64String(bytes)}");
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(
                most < MaxAllocated,
                $"Input {i} of seed {Seed} took {most} bytes\n{Convert.ToBase64String(bytes)}"
            );
        }

        output.WriteLine($"{inputs} inputs, {accepted} still readable, at most {most:N0} bytes allocated for one");
        // Otherwise the damage is too coarse to reach the depth of the reader.
        Assert.InRange(accepted, 1, inputs - 1);
    }

    private static int Check(WeightsFile file)
    {
        using (file)
        {
            foreach (var tensor in file.Tensors.Values)
            {
                Assert.True(ElementTypes.TryLength(tensor.Type, tensor.Shape, out var length));
                Assert.InRange(length, 0, 1 << 24);
                // Address throws where the tensor leaves the file.
                unsafe
                {
                    Assert.True(file.Bytes.Address(tensor.Offset, tensor.Length) is not null);
                }
            }

            return file.Tensors.Count;
        }
    }

    private static byte[] Safetensors()
    {
        var json = Encoding.UTF8.GetBytes(Header);
        var bytes = new byte[8 + json.Length + 32];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    private static byte[][] Checkpoints() =>
        [
            File.ReadAllBytes(Path.Combine(Assets, "python.pth")),
            File.ReadAllBytes(Path.Combine(Assets, "lightning.ckpt")),
            TorchArchive.Make(TorchArchive.Pickle(TorchArchive.OneTensor()), entries: ("data/0", new byte[16])),
        ];

    private static byte[] Pickle(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        using var pickle = zip.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var bytes = new MemoryStream();
        pickle.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
