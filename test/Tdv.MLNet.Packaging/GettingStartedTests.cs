using System.Globalization;
using System.Text.RegularExpressions;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Packaging;

/// <summary>Follows docs/getting-started.md word for word: a console project, a program of one file, a class library.</summary>
[Collection(nameof(PackedOnce))]
public partial class GettingStartedTests(PackedLibrary library)
{
    [Fact]
    public void Whoever_copies_the_page_word_for_word_gets_to_masks()
    {
        using var folder = new ConsumerFolder(library);
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "getting-started.md"));

        var outputs = Walkthrough.Follow(page.ReplaceLineEndings("\n"), folder.Path);

        Assert.Contains("Ball", Single("Meadow"), StringComparison.Ordinal);
        // A ball of 18 pixels' radius covers 5.3 % of the picture.
        Assert.InRange(double.Parse(Share().Match(Single("are ball")).Groups[1].Value, Invariant), 4, 7);
        string letters = Single("....");
        Assert.Equal(15, letters.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.InRange(letters.Count(letter => letter == '#'), 20, 45);

        string Single(string text) => outputs.Single(output => output.Contains(text, StringComparison.Ordinal));
    }

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    [GeneratedRegex(@"([0-9.]+) % of the pixels")]
    private static partial Regex Share();
}
