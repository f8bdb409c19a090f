using System.Buffers.Binary;
using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_type_and_shape_comes_back_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        var tensors = Examples();
        var path = Path.Combine(_folder, "new", "all.safetensors");

        TensorFiles.WriteSafetensors(path, tensors, new Dictionary<string, string> { ["made by"] = "a \"test\"" });

        using var file = SafetensorsFile.Open(path);
        Assert.Equal("a \"test\"", file.Metadata["made by"]);
        Assert.Equal(tensors.Select(entry => entry.Name), file.Tensors.Keys);
        foreach (var (name, expected) in tensors)
        {
            AssertSame(expected, file.Read(name));
        }

        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "new")));
    }

    [Fact]
    public void A_stream_may_begin_after_other_content()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        stream.WriteByte(1);
        Safetensors.Write(stream, [TensorSource.Of(("a", arange(5, ScalarType.Float32)))]);

        using var file = SafetensorsFile.Open(new MappedBytes(stream.ToArray()[1..], "a"));
        AssertSame(arange(5, ScalarType.Float32), file.Read("a"));
    }

    [Fact]
    public void Data_begin_at_a_multiple_of_8_bytes()
    {
        using var scope = NewDisposeScope();
        foreach (var name in new[] { "a", "ab", "abc", "abcd", "abcdefgh" })
        {
            using var stream = new MemoryStream();
            Safetensors.Write(stream, [TensorSource.Of((name, zeros(1)))]);
            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(stream.ToArray()) % 8);
        }
    }

    [Fact]
    public void Copying_converts_the_type_and_refuses_another_shape()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "a.safetensors");
        var values = arange(6, ScalarType.Float32).view(2, 3);
        TensorFiles.WriteSafetensors(path, [("x", values)]);
        using var file = SafetensorsFile.Open(path);

        var same = nn.Parameter(zeros(2, 3));
        file.CopyTo("x", same);
        AssertSame(values, same.detach());
        var other = zeros(3, 2, ScalarType.Float64).t();
        file.CopyTo("x", other);
        AssertSame(values.to_type(ScalarType.Float64), other.contiguous());

        var shape = Assert.Throws<InvalidDataException>(() => file.CopyTo("x", zeros(3, 2)));
        Assert.Equal($"'{path}': tensor 'x': expected [3, 2], found [2, 3].", shape.Message);
        var missing = Assert.Throws<InvalidDataException>(() => file.Read("y"));
        Assert.Equal($"'{path}' has no tensor 'y'.", missing.Message);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "a.safetensors");
        TensorFiles.WriteSafetensors(path, [("x", zeros(3))]);
        var before = File.ReadAllBytes(path);

        Assert.Throws<NotSupportedException>(() =>
            TensorFiles.WriteSafetensors(path, [("x", zeros(3, ScalarType.ComplexFloat32))])
        );
        var twice = Assert.Throws<ArgumentException>(() =>
            TensorFiles.WriteSafetensors(path, [("x", zeros(1)), ("x", zeros(1))])
        );

        Assert.StartsWith("Tensor names must be unique and not '__metadata__'; found 'x'.", twice.Message);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        4,
        "tensor 'a': expected data_offsets [begin, end] within 4 bytes of data, found [0, 8]"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        12,
        "its header describes 8 bytes of data, found 12"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""",
        8,
        "tensor 'a': expected the bytes of F32 [3], found 8 (data_offsets 0 to 8)"
    )]
    [InlineData(
        """{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "tensor 'a': expected dtype F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL, found 'F31'"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""",
        0,
        "tensor 'a': expected the bytes of F32 [4611686018427387904, 4], found 0 (data_offsets 0 to 0)"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}""",
        0,
        "tensor 'a': shape is not a list of at most 64 sizes"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}}""",
        8,
        "tensor 'a': expected data_offsets [begin, end] within 8 bytes of data, found [8, 0]"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""",
        8,
        "tensor 'b': its data overlap those of tensor 'a'"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""",
        8,
        "2 bytes before tensor 'b' belong to no tensor"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""",
        0,
        "tensor 'a' is listed twice"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[0]}}""",
        0,
        "tensor 'a': expected dtype, shape and data_offsets; one is missing"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}}""",
        0,
        "tensor 'a': unknown, repeated or mistyped entry 'shape'"
    )]
    [InlineData("""{"a":1}""", 0, "'a' is not a JSON object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "metadata 'a' is not a text")]
    [InlineData("""[]""", 0, "its header is not a JSON object")]
    [InlineData("""{"a":{"dtype":"U8\ud800","shape":[0],"data_offsets":[0,0]}}""", 0, "its header is not valid JSON: ")]
    [InlineData("""{} x""", 0, "its header is not valid JSON: ")]
    [InlineData("""{"a":""", 0, "its header is not valid JSON: ")]
    public void A_damaged_header_is_refused_with_the_reason(string json, int dataLength, string reason)
    {
        var path = Path.Combine(_folder, "bad.safetensors");
        var bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        Encoding.UTF8.GetBytes(json, bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);

        var exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path));

        Assert.StartsWith($"'{path}' is not a valid safetensors file: {reason}", exception.Message);
        Assert.EndsWith("It is damaged or cut short; copy it again.", exception.Message);
    }

    [Theory]
    [InlineData(new byte[0], "expected at least 8 bytes, found 0")]
    [InlineData(new byte[] { 1, 2, 3 }, "expected at least 8 bytes, found 3")]
    [InlineData(
        new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 123, 125 },
        "expected a header of at most 2 bytes, found one of 9"
    )]
    [InlineData(
        new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 },
        "expected a header of at most 2 bytes, found one of 18446744073709551615"
    )]
    public void An_impossible_header_length_is_refused(byte[] bytes, string reason)
    {
        var path = Path.Combine(_folder, "bad.safetensors");
        File.WriteAllBytes(path, bytes);

        var mapped = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path));
        var inMemory = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(new MappedBytes(bytes, path)));

        Assert.StartsWith($"'{path}' is not a valid safetensors file: {reason}.", mapped.Message);
        Assert.Equal(mapped.Message, inMemory.Message);
    }

    [Fact]
    public void A_header_above_the_formats_limit_is_refused_before_it_is_read()
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, SafetensorsHeader.MaxLength + 1L);

        var exception = Assert.Throws<InvalidDataException>(() =>
            SafetensorsHeader.JsonLength(prefix, long.MaxValue, "a")
        );

        Assert.Contains("expected a header of at most 100000000 bytes, found one of 100000001", exception.Message);
    }

    [Fact]
    public void Opening_and_closing_leaves_the_file_free()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "a.safetensors");
        TensorFiles.WriteSafetensors(path, [("x", zeros(3))]);
        var file = SafetensorsFile.Open(path);
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Read("x"));
        File.Delete(path);
    }

    private static (string Name, Tensor Tensor)[] Examples() =>
        [
            ("z first", randn(2, 3, 4)),
            ("float64", randn(5, dtype: ScalarType.Float64)),
            ("float16", randn(3, dtype: ScalarType.Float16)),
            ("bfloat16", randn(7, dtype: ScalarType.BFloat16)),
            ("int64", arange(-3, 4)),
            ("int32", arange(5, ScalarType.Int32)),
            ("int16", arange(5, ScalarType.Int16)),
            ("int8", arange(5, ScalarType.Int8)),
            ("uint8", arange(5, ScalarType.Byte)),
            ("bool", tensor(new[] { true, false, true })),
            ("scalar", tensor(3.5f)),
            ("empty", zeros(0, 4)),
            ("transposed", arange(6, ScalarType.Float32).view(2, 3).t()),
            ("quote \" and ü", ones(1)),
        ];

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.contiguous().bytes.ToArray(), actual.bytes.ToArray());
    }
}
