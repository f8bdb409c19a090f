using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Imaging;

/// <summary>Reads a row's picture anew for whoever asks, as ML.NET's own loader does.</summary>
/// <param name="readPath">The current row's path.</param>
/// <param name="read">Reads a picture.</param>
internal sealed class PictureKernel(Func<string> readPath, Func<string, MLImage> read) : BatchKernel
{
    private string _path = "";

    public override void Read(int slot) => _path = readPath();

    public override void Compute(int count) { }

    /// <summary>What the consumer holds of the row before is disposed of: it is how ML.NET's images live.</summary>
    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<MLImage>)(
            (ref MLImage value) =>
            {
                slot();
                var next = read(_path);
                value?.Dispose();
                value = next;
            }
        );

    public override void Dispose() { }
}
