using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// AdamW over flat parameters. As in the reference (§8), weight decay applies to every parameter: biases, norms and
/// embeddings too.
/// </summary>
internal sealed class AdamW(FlatParameters parameters, double weightDecay) : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly Tensor _step = zeros(1, device: parameters.Values.device).DetachFromDisposeScope();

    public Tensor FirstMoment { get; } = zeros_like(parameters.Values).DetachFromDisposeScope();

    public Tensor SecondMoment { get; } = zeros_like(parameters.Values).DetachFromDisposeScope();

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <param name="learningRates">One for each group.</param>
    public void Step(IReadOnlyList<double> learningRates)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        for (int group = 0; group < learningRates.Count; group++)
        {
            var (offset, length) = parameters.Groups[group];
            var values = parameters.Values.narrow(0, offset, length);
            var gradient = parameters.Gradient!.narrow(0, offset, length);
            var first = FirstMoment.narrow(0, offset, length);
            var second = SecondMoment.narrow(0, offset, length);
            if (NativeTorch.IsAvailable)
            {
                StepFused(values, gradient, first, second, learningRates[group]);
            }
            else
            {
                StepInPasses(values, gradient, first, second, learningRates[group]);
            }
        }
    }

    /// <summary>The same in several passes over memory, for a libtorch without the fused operator.</summary>
    internal void StepInPasses(Tensor values, Tensor gradient, Tensor first, Tensor second, double rate)
    {
        double correction1 = 1 - Math.Pow(Beta1, Steps);
        double correction2 = 1 - Math.Pow(Beta2, Steps);
        first.Times_(Beta1).Add_(gradient, 1 - Beta1);
        second.Times_(Beta2).AddProduct_(gradient, gradient, 1 - Beta2);
        var denominator = second.sqrt().Divide_(Math.Sqrt(correction2)).Add_(Epsilon);
        values.Times_(1 - (rate * weightDecay));
        values.AddQuotient_(first, denominator, -rate / correction1);
    }

    private void StepFused(Tensor values, Tensor gradient, Tensor first, Tensor second, double rate)
    {
        _step.zero_().Add_(Steps);
        ReadOnlySpan<ulong> arguments =
        [
            NativeTorch.Argument([values]),
            NativeTorch.Argument([gradient]),
            NativeTorch.Argument([first]),
            NativeTorch.Argument([second]),
            NativeTorch.Argument([]),
            NativeTorch.Argument([_step]),
            NativeTorch.Argument(rate),
            NativeTorch.Argument(Beta1),
            NativeTorch.Argument(Beta2),
            NativeTorch.Argument(weightDecay),
            NativeTorch.Argument(Epsilon),
            NativeTorch.False, // amsgrad
            NativeTorch.False, // maximize
            NativeTorch.None, // grad_scale
            NativeTorch.None, // found_inf
        ];
        NativeTorch.Call("aten::_fused_adamw_"u8, arguments);
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        _step.Dispose();
    }
}
