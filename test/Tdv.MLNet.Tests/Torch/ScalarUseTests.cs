using Mono.Cecil;
using Xunit;

namespace Tdv.MLNet.Tests.Torch;

/// <summary>What TorchSharp does with a number behind the scenes, and that only one type of the library lets it.</summary>
public sealed class ScalarUseTests
{
    private const string Scalar = "TorchSharp.Scalar";
    private readonly Dictionary<string, bool> _makes = [];

    [Fact]
    public void Only_ScalarMath_makes_scalars()
    {
        string[] found =
        [
            .. from type in References.LibraryTypes
            where type.Name != "ScalarMath"
            from method in CallsThatMakeScalars(type)
            select $"{type.FullName} calls {method.FullName}",
        ];

        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    [Fact]
    public void Where_TorchSharp_makes_them_is_seen()
    {
        var math = Assert.Single(References.LibraryTypes, type => type.Name == "ScalarMath");
        Assert.NotEmpty(CallsThatMakeScalars(math));
        var tensor = CallsThatMakeScalars(math)
            .Select(method => method.DeclaringType.Resolve())
            .First(type => type.Name == "Tensor");

        // A sum of two tensors has a factor of 1, a square an exponent; a difference has no number.
        Assert.All(
            tensor.Methods.Where(method => method.Name is "op_Addition" or "square"),
            m => Assert.True(Makes(m))
        );
        Assert.False(Makes(Operator("op_Subtraction")));
        Assert.False(Makes(Operator("op_Multiply")));

        MethodDefinition Operator(string name) =>
            tensor.Methods.Single(method =>
                method.Name == name && method.Parameters.All(parameter => parameter.ParameterType.Name == "Tensor")
            );
    }

    private IEnumerable<MethodReference> CallsThatMakeScalars(TypeDefinition type) =>
        References
            .MembersUsedBy(type)
            .OfType<MethodReference>()
            .Where(method => IsTorch(method) && method.Resolve() is { } found && Makes(found));

    /// <summary>Whether a method takes a scalar, or makes one itself or through others.</summary>
    private bool Makes(MethodDefinition method)
    {
        if (_makes.TryGetValue(method.FullName, out bool known))
        {
            return known;
        }

        // Until it is known: of methods that call each other, another one decides.
        _makes[method.FullName] = false;
        return _makes[method.FullName] =
            method
                .Parameters.Append(new ParameterDefinition(method.ReturnType))
                .Any(p => p.ParameterType.FullName == Scalar)
            || (method.IsConstructor && method.DeclaringType.FullName == Scalar)
            || (
                method.HasBody
                && method
                    .Body.Instructions.Select(instruction => instruction.Operand)
                    .OfType<MethodReference>()
                    .Any(called => IsTorch(called) && called.Resolve() is { } inner && Makes(inner))
            );
    }

    private static bool IsTorch(MethodReference method) =>
        method.DeclaringType.Namespace.StartsWith("TorchSharp", StringComparison.Ordinal)
        || method.DeclaringType.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal);
}
