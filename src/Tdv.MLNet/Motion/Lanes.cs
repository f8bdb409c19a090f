using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tdv.MLNet.Motion;

/// <summary>What every processor has: 8 numbers with AVX2.</summary>
internal readonly struct Lanes(Vector<float> value) : ILanes<Lanes>
{
    private readonly Vector<float> _value = value;

    public static int Count => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes All(float value) => new(new Vector<float>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Load(ref readonly float start, nuint offset) => new(Vector.LoadUnsafe(in start, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float start, nuint offset) => _value.StoreUnsafe(ref start, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes AddProduct(Lanes a, Lanes b) =>
        new(
            Fma.IsSupported && Count == Vector256<float>.Count
                ? Fma.MultiplyAdd(a._value.AsVector256(), b._value.AsVector256(), _value.AsVector256()).AsVector()
                : (a._value * b._value) + _value
        );
}
