using Tdv.MLNet.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// Many parameters in one contiguous tensor, their gradients in another: clipping, optimizer, teacher update and
/// zeroing become a few calls instead of hundreds. The modules keep their parameter objects, which become views.
/// </summary>
/// <remarks>Never call <c>zero_grad</c> on the modules: it would drop the views. Call <see cref="ZeroGradient"/>.</remarks>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>Parameters start at multiples of 16 elements, a cache line of floats; the gaps stay 0.</summary>
    private const long Alignment = 16;

    /// <summary>
    /// A plain float32 norm over tens of millions of elements is off by 0.1 %: norms of rows of this length are
    /// taken first.
    /// </summary>
    private const long Row = 4096;

    private readonly List<Tensor> _gradients = [];
    private readonly HashSet<IntPtr> _held = [];

    /// <param name="groups">Parameters by learning rate, in order; each group becomes one stretch.</param>
    /// <param name="withGradient">False for a teacher, which has none.</param>
    public FlatParameters(IReadOnlyList<IEnumerable<Parameter>> groups, bool withGradient = true)
    {
        var places = new List<(Parameter Parameter, long Offset)>();
        var stretches = new List<(long Offset, long Length)>();
        long end = 0;
        foreach (var group in groups)
        {
            long start = end;
            foreach (var parameter in group)
            {
                places.Add((parameter, end));
                end = RoundUp(end + parameter.numel(), Alignment);
            }

            stretches.Add((start, end - start));
        }

        Groups = stretches;
        var first = places[0].Parameter;
        long length = RoundUp(end, Row);
        using var _ = no_grad();
        Values = zeros(length, dtype: first.dtype, device: first.device).DetachFromDisposeScope();
        Gradient = withGradient ? zeros_like(Values).DetachFromDisposeScope() : null;
        foreach (var (parameter, offset) in places)
        {
            Bind(parameter, offset);
        }
    }

    /// <summary>All values, <c>[n]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, <c>[n]</c>.</summary>
    public Tensor? Gradient { get; }

    public IReadOnlyList<(long Offset, long Length)> Groups { get; }

    /// <summary>Global L2 norm of the gradients.</summary>
    public double GradientNorm()
    {
        using var scope = NewDisposeScope();
        return Gradient!.view(-1, Row).norm(1).norm().Value();
    }

    /// <summary>Moves the first <paramref name="length"/> values towards another's: momentum · this + (1 − momentum) · other.</summary>
    public void MoveTowards(FlatParameters other, double momentum, long length)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Values.narrow(0, 0, length).Times_(momentum).Add_(other.Values.narrow(0, 0, length), 1 - momentum);
    }

    /// <summary>Whether a parameter is one of these.</summary>
    public bool Holds(Tensor parameter) => _held.Contains(parameter.Handle);

    public void ZeroGradient() => Gradient!.zero_();

    public void Dispose()
    {
        _gradients.ForEach(gradient => gradient.Dispose());
        Gradient?.Dispose();
        Values.Dispose();
    }

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private void Bind(Parameter parameter, long offset)
    {
        using var scope = NewDisposeScope();
        long count = parameter.numel();
        var view = Values.narrow(0, offset, count).view(parameter.shape);
        view.copy_(parameter);
        parameter.set_(view);
        _held.Add(parameter.Handle);
        if (Gradient is not null)
        {
            var gradient = Gradient.narrow(0, offset, count).view(parameter.shape).DetachFromDisposeScope();
            parameter.grad = gradient;
            _gradients.Add(gradient);
        }
    }
}
