using Mono.Cecil;
using Xunit;

namespace Tdv.MLNet.Tests;

/// <summary>The arrows between the folders: what each of them must not know.</summary>
public class ArchitectureTests
{
    private const string Library = "Tdv.MLNet";
    private const string Files = "System.IO";
    private const string MachineLearning = "Microsoft.ML";
    private const string OpenCv = "OpenCvSharp";
    private const string Torch = "TorchSharp";

    [Theory]
    [InlineData(
        "Model",
        Files,
        MachineLearning,
        OpenCv,
        "Evaluation",
        "Featurizing",
        "PixelWise",
        "Training",
        "Video",
        "Weights"
    )]
    [InlineData("Featurizing", "Evaluation", "PixelWise")]
    [InlineData("Evaluation", OpenCv, "Onnx", "Video", "Weights")]
    [InlineData("Diagnostics", "Evaluation", "Featurizing", "Model", "PixelWise", "Training", "Video", "Weights")]
    [InlineData("Training", OpenCv, "Evaluation", "Featurizing", "PixelWise", "Video")]
    [InlineData(
        "Onnx",
        MachineLearning,
        OpenCv,
        Torch,
        "Evaluation",
        "Featurizing",
        "PixelWise",
        "Training",
        "Video",
        "Weights"
    )]
    [InlineData("Interop", "Evaluation", "Featurizing", "Model", "PixelWise", "Training", "Video", "Weights")]
    [InlineData("Video", Torch, "Evaluation", "Featurizing", "Model", "PixelWise", "Training", "Weights")]
    [InlineData("Weights", MachineLearning, OpenCv, "Evaluation", "Featurizing", "PixelWise", "Training", "Video")]
    [InlineData("PixelWise", Torch, "Evaluation", "Featurizing", "Model", "Training", "Video", "Weights")]
    [InlineData("Notebooks", OpenCv, Torch, "Evaluation", "Featurizing", "Model", "PixelWise", "Training", "Video")]
    [InlineData(
        "Visualization",
        Files,
        OpenCv,
        Torch,
        "Evaluation",
        "Featurizing",
        "Model",
        "Training",
        "Video",
        "Weights"
    )]
    public void A_folder_knows_nothing_of(string folder, params string[] forbidden)
    {
        var types = TypesIn(folder);

        string[] found =
        [
            .. from type in types
            from used in References.TypesUsedBy(type)
            where forbidden.Any(name => IsIn(used, name)) && !used.Name.EndsWith("Exception", StringComparison.Ordinal)
            select $"{type.FullName} uses {used.FullName}",
        ];

        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    [Theory]
    [InlineData("Distillation")]
    [InlineData("Center")]
    [InlineData("Schedule")]
    public void A_loss_knows_no_network_but_the_head_it_goes_through_in_chunks(string name)
    {
        var type = Assert.Single(TypesIn("Training"), type => type.Name == name);

        Assert.DoesNotContain(
            References.TypesUsedBy(type),
            used => IsIn(used, "Model") && used.Name != "ProjectionHead"
        );
    }

    [Fact]
    public void Weights_know_of_a_network_its_dimensions_alone()
    {
        var known = TypesIn("Weights").SelectMany(References.TypesUsedBy).Where(used => IsIn(used, "Model"));

        // What kind of positions there are decides which tensors there are.
        Assert.Equal(["NetworkOptions", "PositionKind"], known.Select(used => used.Name).Distinct().Order());
    }

    [Fact]
    public void Every_class_is_sealed_or_abstract()
    {
        var open = References.LibraryTypes.Where(type =>
            type.IsClass && !type.IsSealed && !type.IsAbstract && type.Name != "<Module>"
        );

        Assert.Empty(open.Select(type => type.FullName));
    }

    [Fact]
    public void Only_one_class_touches_what_is_internal_in_MLNet()
    {
        string[] found =
        [
            .. from type in References.LibraryTypes
            where type.Name != "MLNetInternals"
            from member in References.MembersUsedBy(type)
            where IsIn(member.DeclaringType ?? (TypeReference)member, MachineLearning) && !IsVisible(member)
            select $"{type.FullName} uses {member.FullName}",
        ];

        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    [Fact]
    public void The_one_class_does_touch_what_is_internal()
    {
        var interop = Assert.Single(References.LibraryTypes, type => type.Name == "MLNetInternals");

        Assert.Contains(
            References.MembersUsedBy(interop),
            member => IsIn(member.DeclaringType ?? (TypeReference)member, MachineLearning) && !IsVisible(member)
        );
    }

    private static TypeDefinition[] TypesIn(string folder)
    {
        TypeDefinition[] types = [.. References.LibraryTypes.Where(type => IsIn(type, folder))];
        Assert.NotEmpty(types);
        return types;
    }

    private static bool IsIn(TypeReference type, string name)
    {
        string root = name is Files or MachineLearning or OpenCv or Torch ? name : $"{Library}.{name}";
        return type.Namespace == root || type.Namespace.StartsWith($"{root}.", StringComparison.Ordinal);
    }

    private static bool IsVisible(MemberReference member) =>
        member switch
        {
            TypeReference type => type.GetElementType().Resolve() is { } found && IsVisible(found),
            FieldReference field => field.Resolve() is { } found
                && (found.IsPublic || found.IsFamily || found.IsFamilyOrAssembly)
                && IsVisible(found.DeclaringType),
            MethodReference method => method.Resolve() is { } found
                && (found.IsPublic || found.IsFamily || found.IsFamilyOrAssembly)
                && IsVisible(found.DeclaringType),
            _ => true,
        };

    private static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily) && IsVisible(type.DeclaringType));
}
