using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace Tdv.MLNet.Tests;

/// <summary>The arrows between the library's rooms: what each of them must not know.</summary>
public partial class ArchitectureTests
{
    private const string Library = "Tdv.MLNet";
    private const string Files = "System.IO";
    private const string MachineLearning = "Microsoft.ML";
    private const string OpenCv = "OpenCvSharp";
    private const string Torch = "TorchSharp";

    public static TheoryData<string> AllRooms => [.. Rooms.All];

    [Fact]
    public void Every_file_is_in_a_room_or_ties_the_rooms_together()
    {
        string[] outside = [.. Rooms.SourceFiles().Where(file => !Rooms.All.Contains(Rooms.Room(file)))];

        Assert.All(outside, file => Assert.Matches(@"^(TdvCatalog(\.\w+)*|LoadableClasses)\.cs$", file));
        Assert.Equal(
            Rooms.All.Order(),
            Rooms.SourceFiles().Select(Rooms.Room).Where(room => room != "").Distinct().Order()
        );
    }

    [Fact]
    public void Every_type_is_in_the_file_of_its_name()
    {
        string[] lost =
        [
            .. References
                .LibraryTypes.Where(type => type.Namespace.StartsWith(Library, StringComparison.Ordinal))
                .Where(type => !type.Name.StartsWith('<') && Rooms.Of(type) is null)
                .Select(type => type.FullName),
        ];

        Assert.Empty(lost);
    }

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void A_room_uses_only_those_before_it(string room)
    {
        string[] later = [.. Rooms.All.SkipWhile(other => other != room).Skip(1), ""];

        AssertUnused(room, used => Rooms.Of(used) is { } other && later.Contains(other));
    }

    [Theory]
    [InlineData("Foundation", MachineLearning, OpenCv, Torch)]
    [InlineData("Model", Files, MachineLearning, OpenCv)]
    [InlineData("Training", Files, MachineLearning, OpenCv)]
    [InlineData("Video", Torch)]
    [InlineData("Weights", MachineLearning, OpenCv)]
    [InlineData("Masks", Torch)]
    [InlineData("Color", OpenCv, Torch)]
    [InlineData("PixelWise", OpenCv, Torch)]
    [InlineData("Evaluation", OpenCv)]
    [InlineData("Visualization", OpenCv, Torch)]
    public void A_room_knows_nothing_of_a_foreign_library(string room, params string[] forbidden) =>
        AssertUnused(
            room,
            used =>
                forbidden.Any(name => IsIn(used, name)) && !used.Name.EndsWith("Exception", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("Video", "Torch")]
    [InlineData("Model", "Imaging", "MLNet", "Video")]
    [InlineData("Training", "Imaging", "MLNet", "Video")]
    [InlineData("Weights", "Imaging", "MLNet", "Video")]
    [InlineData("PixelWise", "Featurizing", "Model", "Pretraining", "Torch", "Training", "Video", "Weights")]
    [InlineData("Visualization", "Featurizing", "Model", "Pretraining", "Torch", "Training", "Video", "Weights")]
    [InlineData("Diagnostics", "Evaluation", "Featurizing", "Model", "PixelWise", "Pretraining", "Training", "Weights")]
    public void A_room_knows_nothing_of_some_before_it(string room, params string[] forbidden) =>
        AssertUnused(room, used => Rooms.Of(used) is { } other && forbidden.Contains(other));

    [Fact]
    public void A_room_names_no_later_type_in_an_attribute_of_the_assembly()
    {
        string[] found =
        [
            .. from file in Rooms.SourceFiles()
            where Rooms.Room(file) != ""
            from attribute in AssemblyAttribute().Matches(File.ReadAllText(Path.Combine(Rooms.Folder, file)))
            from name in Word().Matches(attribute.Value)
            let room = Rooms.OfName(name.Value)
            where room is not null && IndexOf(room) > IndexOf(Rooms.Room(file))
            select $"{file} names {name.Value}",
        ];

        Assert.Empty(found);
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
            used => Rooms.Of(used) == "Model" && used.Name != "ProjectionHead"
        );
    }

    [Fact]
    public void Files_of_weights_know_of_a_network_its_dimensions_alone()
    {
        string[] networks = [nameof(TdvModel), "NetworkForms", "NetworkWeights"];
        var known = TypesIn("Weights")
            .Where(type => !networks.Contains(type.Name))
            .SelectMany(References.TypesUsedBy)
            .Where(used => Rooms.Of(used) == "Model");

        Assert.Equal(["NetworkOptions"], known.Select(used => used.Name).Distinct());
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

    private static void AssertUnused(string room, Func<TypeReference, bool> forbidden)
    {
        string[] found =
        [
            .. from type in TypesIn(room)
            from used in References.TypesUsedBy(type)
            where forbidden(used)
            select $"{type.FullName} uses {used.FullName}",
        ];

        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found.Distinct()));
    }

    private static int IndexOf(string room) => Rooms.All.TakeWhile(other => other != room).Count();

    private static TypeDefinition[] TypesIn(string room)
    {
        TypeDefinition[] types = [.. References.LibraryTypes.Where(type => Rooms.Of(type) == room)];
        Assert.NotEmpty(types);
        return types;
    }

    private static bool IsIn(TypeReference type, string name) =>
        type.Namespace == name || type.Namespace.StartsWith($"{name}.", StringComparison.Ordinal);

    [GeneratedRegex(@"\[assembly: [^\]]*\]")]
    private static partial Regex AssemblyAttribute();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

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
