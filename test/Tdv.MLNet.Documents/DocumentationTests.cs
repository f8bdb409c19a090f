using System.Text.RegularExpressions;
using Tdv.MLNet.Packaging;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents;

/// <summary>What the documents say is code that compiles, and what they point to is there.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Documents =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
                .Append(Path.Combine(Repository.Root, "nuget", "README.md"))
                .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Code_is_compiled(string document)
    {
        string[] snippets = [.. Snippets(), .. Programs()];

        Assert.All(CodeBlock().Matches(Read(document)), match => Assert.Contains(match.Groups[1].Value, snippets));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;

        string[] dead =
        [
            .. Link()
                .Matches(Read(document))
                .Select(match => match.Groups[1].Value)
                .Where(target => !target.StartsWith("https://", StringComparison.Ordinal))
                .Where(target => !Path.Exists(Path.Combine(folder, target))),
        ];

        Assert.Empty(dead);
    }

    /// <summary>What ML.NET keeps to itself is promised to nobody: a page may name it only to say so.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Members_of_the_context_are_public(string document)
    {
        string[] members = [.. typeof(Microsoft.ML.MLContext).GetMembers().Select(member => member.Name)];

        Assert.All(
            Read(document).Split("\n\n"),
            paragraph =>
                Assert.All(
                    Member().Matches(paragraph),
                    match =>
                        Assert.True(
                            members.Contains(match.Groups[1].Value)
                                || paragraph.Contains("internal", StringComparison.Ordinal),
                            $"MLContext has no public member '{match.Groups[1].Value}'."
                        )
                )
        );
    }

    [Fact]
    public void The_readme_shows_code() => Assert.NotEmpty(CodeBlock().Matches(Read("README.md")));

    /// <summary>Any file whose name ends in Snippets.cs may hold some: one file for each page keeps them apart.</summary>
    private static IEnumerable<string> Snippets()
    {
        string tests = Path.Combine(Repository.Root, "test", "Tdv.MLNet.Documents");
        foreach (Match match in SourceFiles(tests).SelectMany(path => Region().Matches(Read(path))))
        {
            string[] lines = match.Groups[1].Value.TrimEnd().Split('\n');
            int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
            yield return string.Concat(lines.Select(line => (line.Length > 0 ? line[indent..] : line) + "\n"));
        }
    }

    /// <summary>The page that GettingStartedTests follow consists of whole programs.</summary>
    private static IEnumerable<string> Programs() => Walkthrough.Files(Read("docs/getting-started.md"));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory
            .EnumerateFiles(folder, "*Snippets.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).StartsWith("obj", StringComparison.Ordinal));

    private static string Read(string path) =>
        File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"`(?:MLContext|mlContext|ml)\.(\w+)")]
    private static partial Regex Member();

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^ *// snippet: \S+\n(.*?)^ *// end$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\]\(([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
