namespace Tdv.MLNet.Motion;

/// <summary>Numbers side by side in one register, as many as the processor has room for.</summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf All(float value);

    static abstract TSelf Load(ref readonly float start, nuint offset);

    void Store(ref float start, nuint offset);

    /// <summary>a·b + this, in one instruction where the processor has it: half the time.</summary>
    TSelf AddProduct(TSelf a, TSelf b);
}
