namespace Tdv.MLNet.Featurizing;

/// <summary>One dimension of an input or output: a number, or the name of one that is known only when the graph runs.</summary>
internal readonly record struct OnnxSize(long Value, string? Name)
{
    public static implicit operator OnnxSize(long value) => new(value, null);

    public static implicit operator OnnxSize(string name) => new(0, name);
}
