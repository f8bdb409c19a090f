namespace Tdv.MLNet.Weights;

/// <summary>A tensor as plain numbers in row-major order, for which no libtorch is needed.</summary>
internal sealed record NamedArray(string Name, long[] Shape, float[] Values);
