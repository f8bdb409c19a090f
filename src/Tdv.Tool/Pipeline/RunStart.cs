using System.Globalization;

namespace Tdv.Tool.Pipeline;

/// <summary>When and how a training was started.</summary>
internal sealed record RunStart
{
    /// <summary>With its offset from UTC, as <see cref="DateTimeOffset"/> reads it.</summary>
    public string Time { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>That paths in the command are relative to.</summary>
    public string Folder { get; init; } = "";

    public int Processors { get; init; }

    public IReadOnlyList<RunVideo> Videos { get; init; } = [];

    /// <param name="videos">What it learns from.</param>
    public static RunStart Now(IReadOnlyList<RunVideo> videos) =>
        new()
        {
            Time = DateTimeOffset.Now.ToString("O", CultureInfo.InvariantCulture),
            Command = Environment.GetCommandLineArgs(),
            Folder = Environment.CurrentDirectory,
            Processors = Environment.ProcessorCount,
            Videos = videos,
        };
}
