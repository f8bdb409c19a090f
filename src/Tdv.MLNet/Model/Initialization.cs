using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>Seeded initialization of the official code (reference §9). The global generator is never touched.</summary>
internal sealed class Initialization : IDisposable
{
    private const double Deviation = 0.02;
    private readonly Generator _generator = new();

    public Initialization(long seed) => _generator.manual_seed(seed);

    /// <summary>Weights <c>[outputs, inputs]</c> from N(0, 0.02²), bias 0.</summary>
    public Linear Linear(long inputs, long outputs)
    {
        var linear = nn.Linear(inputs, outputs);
        using var scope = no_grad();
        linear.weight.normal_(0, Deviation, _generator);
        linear.bias!.zero_();
        return linear;
    }

    /// <summary>Weights and bias from U(±1/√inputs), PyTorch's own default for linear layers.</summary>
    public Linear DefaultLinear(long inputs, long outputs)
    {
        var linear = nn.Linear(inputs, outputs);
        double bound = 1 / Math.Sqrt(inputs);
        using var scope = no_grad();
        linear.weight.uniform_(-bound, bound, _generator);
        linear.bias!.uniform_(-bound, bound, _generator);
        return linear;
    }

    public Parameter Normal(double deviation, params long[] shape)
    {
        var values = empty(shape);
        values.normal_(0, deviation, _generator);
        return new Parameter(values);
    }

    public Parameter Position(long tokens, long dimension) => Normal(Deviation, 1, tokens, dimension);

    public Parameter Uniform(double bound, params long[] shape)
    {
        var values = empty(shape);
        values.uniform_(-bound, bound, _generator);
        return new Parameter(values);
    }

    public void Dispose() => _generator.Dispose();
}
