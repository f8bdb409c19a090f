using Tdv.MLNet.Foundation;
using Tdv.MLNet.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public sealed class HostileCountsTests
{
    [Theory]
    [InlineData(2, 4, true)]
    [InlineData(3, 4, false)]
    [InlineData(-1, 1, false)]
    [InlineData(int.MaxValue, 1, false)]
    public void A_count_must_fit_into_the_bytes_that_follow(int count, int itemBytes, bool fits)
    {
        using var reader = Reader(count, 0, 0);
        var error = Record.Exception(() => Assert.Equal(count, reader.ReadCount(itemBytes, "things")));
        Assert.Equal(fits, error is null);
        Assert.True(fits || error is InvalidDataException, $"{error}");
    }

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(65536, 65536)]
    [InlineData(0, 5)]
    [InlineData(-3, 5)]
    public void A_matrix_of_hostile_size_is_refused(int outputs, int inputs)
    {
        using var reader = Reader(outputs, inputs, 0, 0);
        Assert.Throws<InvalidDataException>(() => AffineMap.Load(reader));
    }

    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(2, 1, -1)]
    [InlineData(2_000_000_000, 1, 0)]
    public void Classes_that_are_not_among_all_are_refused(params int[] values)
    {
        using var reader = Reader(values);
        Assert.Throws<InvalidDataException>(() => PresentClasses.Load(reader));
    }

    private static BinaryReader Reader(params int[] values)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return new BinaryReader(new MemoryStream(bytes));
    }
}
