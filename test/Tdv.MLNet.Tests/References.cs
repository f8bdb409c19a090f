using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Tdv.MLNet.Tests;

/// <summary>What a type of the library uses: everything its signatures, bodies and attributes name.</summary>
internal static class References
{
    /// <summary>The types of the library by namespace; what the compiler nests in a type counts as part of it.</summary>
    public static IReadOnlyList<TypeDefinition> LibraryTypes { get; } = ReadLibrary();

    public static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type) =>
        Direct(type).SelectMany(Parts).Where(part => part is not GenericParameter);

    /// <summary>Methods and fields, of whatever assembly, that the type's code calls, reads or writes.</summary>
    public static IEnumerable<MemberReference> MembersUsedBy(TypeDefinition type) =>
        Instructions(type).Select(instruction => instruction.Operand).OfType<MemberReference>();

    private static TypeDefinition[] ReadLibrary()
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        string library = typeof(TdvOptions).Assembly.Location;
        var assembly = AssemblyDefinition.ReadAssembly(
            library,
            new ReaderParameters(ReadingMode.Immediate) { AssemblyResolver = resolver }
        );
        return [.. assembly.MainModule.Types];
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<MethodDefinition> Methods(TypeDefinition type) =>
        WithNested(type).SelectMany(nested => nested.Methods);

    private static IEnumerable<Instruction> Instructions(TypeDefinition type) =>
        Methods(type).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions);

    private static IEnumerable<TypeReference> Direct(TypeDefinition type) =>
        WithNested(type)
            .SelectMany(nested =>
                nested
                    .Interfaces.Select(implemented => implemented.InterfaceType)
                    .Concat(nested.Fields.Select(field => field.FieldType))
                    .Concat(nested.CustomAttributes.SelectMany(OfAttribute))
                    .Append(nested.BaseType)
            )
            .Concat(Methods(type).SelectMany(Signature))
            .Concat(Instructions(type).SelectMany(OfOperand))
            .Where(reference => reference is not null);

    private static IEnumerable<TypeReference> OfAttribute(CustomAttribute attribute) =>
        attribute
            .ConstructorArguments.Select(argument => argument.Value)
            .OfType<TypeReference>()
            .Prepend(attribute.AttributeType);

    private static IEnumerable<TypeReference> Signature(MethodDefinition method) =>
        method
            .Parameters.Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType)
            .Concat(method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : []);

    private static IEnumerable<TypeReference> OfOperand(Instruction instruction) =>
        instruction.Operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
            ],
            _ => [],
        };

    /// <summary>List&lt;Tensor[]&gt; names List and Tensor; a nested type names what it is nested in.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type)
    {
        var inner = type is GenericInstanceType generic ? generic.GenericArguments.SelectMany(Parts) : [];
        var element = type.GetElementType();
        return inner.Append(element.DeclaringType is { } outer ? Parts(outer).Last() : element);
    }
}
