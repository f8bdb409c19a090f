using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

/// <summary>Hands out a row's mask and its size.</summary>
/// <param name="read">Reads the current row's mask.</param>
internal sealed class MaskKernel(Func<(uint[] Keys, int Height, int Width)> read) : BatchKernel
{
    private (uint[] Keys, int Height, int Width) _mask = ([], 0, 0);

    public override void Read(int slot) => _mask = read();

    public override void Compute(int count) { }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        output == 0
            ? (ValueGetter<VBuffer<uint>>)(
                (ref VBuffer<uint> value) =>
                {
                    slot();
                    Getters.Copy<uint>(_mask.Keys, ref value);
                }
            )
            : (ValueGetter<VBuffer<int>>)(
                (ref VBuffer<int> value) =>
                {
                    slot();
                    Getters.Copy([_mask.Height, _mask.Width], ref value);
                }
            );

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() { }
}
