using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>The layer norm that both encoders use throughout: ε = 1e-6, not the library's 1e-5.</summary>
internal static class Norm
{
    public const double Epsilon = 1e-6;

    public static LayerNorm Create(int dimension) => nn.LayerNorm(dimension, Epsilon);
}
