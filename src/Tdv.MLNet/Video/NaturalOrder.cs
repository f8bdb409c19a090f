namespace Tdv.MLNet.Video;

/// <summary>Orders names as people count: <c>frame2</c> before <c>frame10</c>, with or without leading zeros.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    private NaturalOrder() { }

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        while (left.Length > 0 && right.Length > 0)
        {
            int order =
                char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                    ? CompareNumbers(TakeNumber(ref left), TakeNumber(ref right))
                    : TakeLetter(ref left).CompareTo(TakeLetter(ref right));
            if (order != 0)
            {
                return order;
            }
        }
        int rest = left.Length.CompareTo(right.Length);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = end < 0 ? text : text[..end];
        text = text[number.Length..];
        return number.TrimStart('0');
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int length = left.Length.CompareTo(right.Length);
        return length != 0 ? length : left.SequenceCompareTo(right);
    }

    private static char TakeLetter(ref ReadOnlySpan<char> text)
    {
        char letter = text[0];
        text = text[1..];
        return letter;
    }
}
