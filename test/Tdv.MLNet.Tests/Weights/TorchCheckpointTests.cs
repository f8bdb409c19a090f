using System.IO.Compression;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class TorchCheckpointTests : IDisposable
{
    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "Weights", "assets");
    private static readonly byte[] Storage =
    [
        .. Enumerable.Range(0, 4).SelectMany(i => BitConverter.GetBytes((float)i)),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tensors_that_Python_saved_have_its_values()
    {
        using var scope = NewDisposeScope();
        using var file = TorchCheckpointFile.Open(new MappedBytes(Path.Combine(Assets, "python.pth")));

        var grid = arange(24, ScalarType.Float32).view(4, 6);
        AssertSame(grid, file.Read("gapless"));
        AssertSame(grid.t(), file.Read("transposed"));
        AssertSame(grid[TensorIndex.Slice(1, 3), TensorIndex.Slice(2, 5)], file.Read("slice"));
        AssertSame(tensor(new[] { 7f, 7f, 7f }), file.Read("expanded"));
        AssertSame(tensor(new[] { 1.5f, -2f }), file.Read("parameter"));
        AssertSame(tensor(new[] { 1f, 2f, 3f }).to_type(ScalarType.Float16), file.Read("half"));
        AssertSame(tensor(new[] { 1f, 2f, 3f }).to_type(ScalarType.BFloat16), file.Read("bfloat16"));
        AssertSame(tensor(new[] { 0.1 }), file.Read("double"));
        AssertSame(tensor(new[] { -5L, 1L << 40 }), file.Read("int64"));
        AssertSame(tensor(new[] { 1, 2 }), file.Read("int32"));
        AssertSame(tensor(new short[] { -1 }), file.Read("int16"));
        AssertSame(tensor(new sbyte[] { -1 }), file.Read("int8"));
        AssertSame(tensor(new byte[] { 200 }), file.Read("uint8"));
        AssertSame(tensor(new[] { true, false }), file.Read("bool"));
        AssertSame(tensor(3.5f), file.Read("scalar"));
        AssertSame(zeros(0, 4), file.Read("empty"));
        Assert.Equal(16, file.Tensors.Count);
    }

    [Fact]
    public void A_tensor_with_strides_is_copied_to_its_destination()
    {
        using var scope = NewDisposeScope();
        using var file = TorchCheckpointFile.Open(new MappedBytes(Path.Combine(Assets, "python.pth")));
        var destination = nn.Parameter(zeros(6, 4));

        file.CopyTo("transposed", destination);

        AssertSame(arange(24, ScalarType.Float32).view(4, 6).t(), destination.detach());
    }

    [Fact]
    public void Of_a_Lightning_checkpoint_the_state_dict_is_read_and_the_rest_read_over()
    {
        using var file = TorchCheckpointFile.Open(new MappedBytes(Path.Combine(Assets, "lightning.ckpt")));

        Assert.Equal(["model.0.weight", "model.0.bias", "model.1.weight", "model.1.bias"], file.Tensors.Keys);
        Assert.Equal("F32 [4, 3]", file["model.0.weight"].ToString());
    }

    [Fact]
    public void What_is_written_is_read_back_and_the_same_tensors_give_the_same_file()
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] tensors =
        [
            ("b", randn(2, 3)),
            ("a.ü", arange(5)),
            ("half", randn(3).to_type(ScalarType.BFloat16)),
            ("transposed", arange(6).view(2, 3).t()),
            ("scalar", tensor(2.5)),
            ("empty", zeros(0, 4)),
        ];
        var path = Path.Combine(_folder, "a.pth");

        TensorFiles.WriteCheckpoint(path, tensors);

        using (var file = WeightsFile.Open(path))
        {
            Assert.Equal(tensors.Select(entry => entry.Item1), file.Tensors.Keys);
            Assert.All(tensors, entry => AssertSame(entry.Item2, file.Read(entry.Item1)));
        }

        var first = File.ReadAllBytes(path);
        TensorFiles.WriteCheckpoint(path, tensors);
        Assert.Equal(first, File.ReadAllBytes(path));
        var twice = Assert.Throws<ArgumentException>(() => TensorFiles.WriteCheckpoint(path, [tensors[0], tensors[0]]));
        Assert.StartsWith("Tensor names must be unique; found 'b'.", twice.Message);
    }

    [Theory]
    [InlineData("cos\nsystem\nX\u0006\0\0\0touch \u0085R", "'os.system'")]
    [InlineData("cposix\nsystem\nX\u0002\0\0\0ls\u0085R", "'posix.system'")]
    [InlineData("cbuiltins\neval\nX\u0003\0\0\01+1\u0085R", "'builtins.eval'")]
    [InlineData("c__builtin__\nexec\nX\u0003\0\0\01+1\u0085R", "'__builtin__.exec'")]
    [InlineData("X\u0007\0\0\0os.pathX\u0006\0\0\0exists\u0093)R", "'os.path.exists'")]
    [InlineData("ctorch.storage\n_load_from_bytes\nC\u0001x\u0085R", "'torch.storage._load_from_bytes'")]
    [InlineData("c__main__\nMine\n)\u0081}b", "'__main__.Mine'")]
    [InlineData("ctorch.hub\nload\n(X\u0001\0\0\0aX\u0001\0\0\0btR", "'torch.hub.load'")]
    [InlineData("cos\nsystem\n0cbuiltins\neval\n0cos\nsystem\n", "'os.system', 'builtins.eval'")]
    public void A_pickle_that_asks_for_more_than_data_is_refused_by_name(string codes, string names)
    {
        var expected =
            $"'a.pth' is refused: it asks for {names}, more than the tensors and plain data of a checkpoint. "
            + "Nothing was executed. "
            + "If you trust the file, load it in Python and save its state dict alone with torch.save.";

        Assert.Equal(expected, TorchArchive.Refusal(TorchArchive.Make(TorchArchive.Pickle(codes))).Message);
        // Also where the name hides behind proper tensors, and where the pickle is damaged after it.
        var hidden = TorchArchive.Pickle(TorchArchive.OneTensor() + codes + "0");
        Assert.Equal(expected, TorchArchive.Refusal(TorchArchive.Make(hidden, entries: ("data/0", Storage))).Message);
        Assert.Equal(expected, TorchArchive.Refusal(TorchArchive.Make(TorchArchive.Pickle(codes + "\u00ff"))).Message);
    }

    [Theory]
    [InlineData("i", "its pickle has the unknown code 0x69 at 2")]
    [InlineData("(os\n", "its pickle has the unknown code 0x6F at 3")]
    [InlineData("h\u0005", "its pickle refers to value 5, which it does not hold")]
    [InlineData("a", "its pickle takes a value that is not there")]
    [InlineData("(0", "its pickle takes a value that is not there")]
    [InlineData("t", "its pickle ends a group that was not begun")]
    [InlineData("X\u00ff\0\0\0abc", "expected 255 more bytes of pickle, found 4")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffabc", "expected -1 more bytes of pickle, found 4")]
    [InlineData("K\u0001", "expected a state dict, found something else")]
    [InlineData("}", "expected tensors under 'state_dict', 'model' or at its top, found none")]
    [InlineData("\u0080\u0001", "expected pickle protocol 2 to 5, found 1")]
    [InlineData(
        "ctorch._utils\n_rebuild_tensor_v2\n)R",
        "its pickle calls torch._utils._rebuild_tensor_v2 in an unknown way"
    )]
    [InlineData("]K\u0001K\u0002s", "its pickle adds items to something that is not a dict")]
    [InlineData("K\u0001K\u0002a", "its pickle adds elements to something that is not a list")]
    [InlineData("K\u0001}b", "its pickle sets attributes of something that has none")]
    [InlineData("K\u0001)R", "its pickle lacks a PickleGlobal")]
    [InlineData("K\u0001\u0085Q", "its pickle refers to something that is not a storage of a known type")]
    public void A_damaged_pickle_is_refused_with_the_reason(string codes, string reason) =>
        AssertDamaged(reason, TorchArchive.Make(TorchArchive.Pickle(codes)));

    [Fact]
    public void A_tensor_outside_its_storage_is_refused()
    {
        AssertTensor(
            TorchArchive.OneTensor(offset: 1),
            "a tensor of shape [4] and strides [1] at 1 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(shape: "K\u0005"),
            "a tensor of shape [5] and strides [1] at 0 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(strides: "K\u0002"),
            "a tensor of shape [4] and strides [2] at 0 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(strides: ""),
            "a tensor of shape [4] and strides [] at 0 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(offset: -1),
            "a tensor of shape [4] and strides [1] at -1 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(
                shape: TorchArchive.Integer(long.MaxValue),
                strides: TorchArchive.Integer(long.MaxValue)
            ),
            $"a tensor of shape [{long.MaxValue}] and strides [{long.MaxValue}] at 0 reaches beyond its storage of 4 elements"
        );
        // Four elements repeated to a gigabyte
        AssertTensor(
            TorchArchive.OneTensor(shape: TorchArchive.Integer(1 << 28), strides: "K\0"),
            $"a tensor of shape [{1 << 28}] and strides [0] at 0 reaches beyond its storage of 4 elements"
        );
        AssertTensor(
            TorchArchive.OneTensor(shape: "J\u00ff\u00ff\u00ff\u00ff"),
            "a tensor's shape or strides are not at most 64 numbers from 0 up"
        );
        AssertTensor(
            TorchArchive.OneTensor(elements: 5),
            "entry 'archive/data/0': expected 5 elements of F32, found 16 bytes"
        );
        AssertTensor(
            TorchArchive.OneTensor(elements: 1L << 62),
            "entry 'archive/data/0': expected 4611686018427387904 elements of F32, found 16 bytes"
        );
        AssertDamaged(
            "it has no entry 'archive/data/0'",
            TorchArchive.Make(TorchArchive.Pickle(TorchArchive.OneTensor()))
        );
        AssertTensor(TorchArchive.OneTensor() + TorchArchive.OneTensor()[1..], "tensor 'x' is listed twice");
    }

    [Fact]
    public void A_proper_archive_of_the_same_making_is_read()
    {
        using var scope = NewDisposeScope();
        var archive = TorchArchive.Make(
            TorchArchive.Pickle(TorchArchive.OneTensor()),
            entries: [("data/0", Storage), ("byteorder", "little"u8.ToArray())]
        );
        using var file = TorchCheckpointFile.Open(new MappedBytes(archive, "a.pth"));

        AssertSame(arange(4, ScalarType.Float32), file.Read("x"));
    }

    [Fact]
    public void A_small_pickle_cannot_grow_without_bound()
    {
        // Every pair of bytes doubles what a value seems to hold; as much again is asked for.
        var doubling = "]" + string.Concat(Enumerable.Repeat("22\u0087", 100_000));
        AssertDamaged("expected a state dict, found something else", TorchArchive.Make(TorchArchive.Pickle(doubling)));
        AssertDamaged(
            "its pickle makes more than 1000000 values",
            TorchArchive.Make(TorchArchive.Pickle(new string('}', 1_000_001)))
        );
        AssertDamaged(
            "its pickle makes more than 1000000 values",
            TorchArchive.Make(TorchArchive.Pickle(new string('(', 1_000_001)))
        );
    }

    [Fact]
    public void A_list_that_holds_itself_is_harmless()
    {
        var archive = TorchArchive.Make(
            TorchArchive.Pickle("}q\0X\u0004\0\0\0selfh\0s" + TorchArchive.OneTensor()[1..]),
            entries: ("data/0", Storage)
        );
        using var file = TorchCheckpointFile.Open(new MappedBytes(archive, "a.pth"));

        Assert.Equal(["x"], file.Tensors.Keys);
    }

    [Fact]
    public void Other_archives_are_refused_with_the_remedy()
    {
        var pickle = TorchArchive.Pickle(TorchArchive.OneTensor());
        Assert.Equal(
            "'a.pth': expected byte order 'little', found 'big'. Save it again on a little-endian machine.",
            TorchArchive
                .Refusal(TorchArchive.Make(pickle, entries: [("data/0", Storage), ("byteorder", "big"u8.ToArray())]))
                .Message
        );
        Assert.Equal(
            "'a.pth' is a TorchScript program, not a checkpoint. "
                + "In Python, load it with torch.jit.load and save its state_dict() with torch.save.",
            TorchArchive.Refusal(TorchArchive.Make(pickle, entries: ("constants.pkl", []))).Message
        );
        AssertDamaged(
            "entry 'archive/data.pkl' is compressed, which torch.save never does (save it again with torch.save)",
            TorchArchive.Make(pickle, CompressionLevel.Optimal, ("data/0", new byte[1 << 20]))
        );
        AssertDamaged(
            "expected one entry 'data.pkl', found 2",
            TorchArchive.Make(pickle, entries: ("b/data.pkl", pickle))
        );
    }

    [Fact]
    public void An_archive_cut_short_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(Path.Combine(Assets, "python.pth"));
        for (var length = 0; length < whole.Length; length += 13)
        {
            var exception = TorchArchive.Refusal(whole[..length]);
            Assert.StartsWith("'a.pth' is not a valid zip archive: ", exception.Message);
            Assert.EndsWith("It is damaged or cut short; copy it again.", exception.Message);
        }
    }

    private static void AssertTensor(string codes, string reason) =>
        AssertDamaged(reason, TorchArchive.Make(TorchArchive.Pickle(codes), entries: ("data/0", Storage)));

    private static void AssertDamaged(string reason, byte[] archive) =>
        Assert.Equal(
            $"'a.pth' is not a readable PyTorch checkpoint: {reason}. It is damaged or cut short; copy it again.",
            TorchArchive.Refusal(archive).Message
        );

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.contiguous().bytes.ToArray(), actual.contiguous().bytes.ToArray());
    }
}
