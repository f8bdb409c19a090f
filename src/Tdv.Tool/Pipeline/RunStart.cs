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

    /// <summary>What it is measured on and does not learn from.</summary>
    public IReadOnlyList<RunVideo> Unseen { get; init; } = [];

    /// <param name="videos">What it learns from.</param>
    /// <param name="unseen">What it is measured on.</param>
    public static RunStart Now(IReadOnlyList<RunVideo> videos, IReadOnlyList<RunVideo> unseen) =>
        new()
        {
            Time = DateTimeOffset.Now.ToString("O", CultureInfo.InvariantCulture),
            Command = Environment.GetCommandLineArgs(),
            Folder = Environment.CurrentDirectory,
            Processors = Environment.ProcessorCount,
            Videos = videos,
            Unseen = unseen,
        };
}
