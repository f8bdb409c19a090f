using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Compares gradients with those in a file.</summary>
internal static class Gradients
{
    /// <summary>All <c>grad.…</c> of the file: of the module's parameters and of the named inputs.</summary>
    public static List<(string Name, double Error)> Errors(
        nn.Module module,
        WeightsFile file,
        IEnumerable<(string Name, Tensor Tensor)> inputs
    )
    {
        const string Prefix = "grad.";
        var found = module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(inputs);
        var gradients = found.ToDictionary(
            entry => Fill.OfficialName(Prefix + entry.Item1, file),
            entry => entry.Item2
        );
        return file
            .Tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => (name, Error(name, gradients[name].grad!, file.Read(name))))
            .ToList();
    }

    public static double Error(string name, Tensor actual, Tensor expected) =>
        expected.dtype == ScalarType.Float64
            ? Compare.Relative(actual, expected)
            : Compare.Relative(Compare.WithoutKeyBias(name, actual), Compare.WithoutKeyBias(name, expected));
}
