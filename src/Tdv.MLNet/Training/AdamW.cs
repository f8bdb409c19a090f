using Tdv.MLNet.Interop;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// AdamW over flat parameters. As in the reference (§8), weight decay applies to every parameter: biases, norms and
/// embeddings too.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly FlatParameters _parameters;
    private readonly double _weightDecay;
    private readonly Tensor _denominator;

    public AdamW(FlatParameters parameters, double weightDecay)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        _denominator = empty_like(parameters.Values).DetachFromDisposeScope();
    }

    public Tensor FirstMoment { get; }

    public Tensor SecondMoment { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <param name="learningRates">One for each group.</param>
    public void Step(IReadOnlyList<double> learningRates)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        double correction1 = 1 - Math.Pow(Beta1, Steps);
        double correction2 = 1 - Math.Pow(Beta2, Steps);
        var gradient = _parameters.Gradient!;
        FirstMoment.Multiply(Beta1).Add(gradient, 1 - Beta1);
        SecondMoment.Multiply(Beta2).AddProduct(gradient, gradient, 1 - Beta2);
        _denominator.copy_(SecondMoment).sqrt_().Divide(Math.Sqrt(correction2)).Add(Epsilon);
        for (int group = 0; group < learningRates.Count; group++)
        {
            var (offset, length) = _parameters.Groups[group];
            double rate = learningRates[group];
            var values = _parameters.Values.narrow(0, offset, length);
            values.Multiply(1 - (rate * _weightDecay));
            values.AddQuotient(
                FirstMoment.narrow(0, offset, length),
                _denominator.narrow(0, offset, length),
                -rate / correction1
            );
        }
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        _denominator.Dispose();
    }
}
