namespace Tdv.MLNet.Foundation;

/// <summary>Counts out of files, which may say anything: checked against the bytes that are there before anything is allocated.</summary>
internal static class HostileCounts
{
    /// <summary>What a stream that cannot tell its length may announce, in bytes.</summary>
    private const long MaxUnseen = 1 << 20;

    /// <summary>Reads how many items follow.</summary>
    /// <param name="reader">At the count.</param>
    /// <param name="itemBytes">The fewest bytes that one item takes.</param>
    /// <param name="what">What is counted, for messages.</param>
    /// <exception cref="InvalidDataException">It is negative, or more than the rest of the stream can hold.</exception>
    public static int ReadCount(this BinaryReader reader, int itemBytes, string what)
    {
        int count = reader.ReadInt32();
        reader.CheckCount(count, itemBytes, what);
        return count;
    }

    /// <summary>Checks a count that was read earlier.</summary>
    /// <exception cref="InvalidDataException">It is negative, or more than the rest of the stream can hold.</exception>
    public static void CheckCount(this BinaryReader reader, long count, int itemBytes, string what)
    {
        var stream = reader.BaseStream;
        long left = stream.CanSeek ? stream.Length - stream.Position : MaxUnseen;
        if (count < 0 || count > left / itemBytes)
        {
            throw new InvalidDataException(
                $"The saved model is damaged: it announces {count} of '{what}', but only {left} bytes follow. Save the model again."
            );
        }
    }
}
