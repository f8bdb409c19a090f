using System.Text.RegularExpressions;

namespace Tdv.MLNet.Packaging;

/// <summary>
/// A document to be copied and pasted: the shell blocks are run, and a code block after a line that ends in
/// <c>`Name.cs`:</c> is saved under that name, all in the document's order.
/// </summary>
internal static partial class Walkthrough
{
    /// <summary>The files that a document asks its reader to save.</summary>
    public static IEnumerable<string> Files(string document) =>
        Step().Matches(document).Where(step => step.Groups["file"].Success).Select(step => step.Groups["body"].Value);

    /// <summary>Does what the document says, in a folder, and returns what each command wrote.</summary>
    public static IReadOnlyList<string> Follow(string document, string folder)
    {
        var outputs = new List<string>();
        foreach (Match step in Step().Matches(document))
        {
            string body = step.Groups["body"].Value;
            if (step.Groups["file"].Success)
            {
                File.WriteAllText(Path.Combine(folder, step.Groups["file"].Value), body);
                continue;
            }

            foreach (string line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Split(' ');
                if (words[0] == "cd")
                {
                    folder = Path.GetFullPath(Path.Combine(folder, words[1]));
                }
                else if (words[0] == "dotnet")
                {
                    outputs.Add(Dotnet.Run(folder, words[1..]));
                }
                else
                {
                    throw new FormatException($"'{line}': only cd and dotnet mean the same in every shell.");
                }
            }
        }

        return outputs;
    }

    [GeneratedRegex(
        @"(`(?<file>\w+\.cs)`:\n\n```csharp\n|^```sh\n)(?<body>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Step();
}
