using System.Globalization;
using System.Reflection;
using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Reporting;

/// <summary>Everything about a run on one page, in one file that needs nothing else.</summary>
internal sealed class RunReport
{
    /// <summary>The page, in the run's folder.</summary>
    public const string FileName = "report.html";
    private const int Frames = 6;
    private readonly string _folder;
    private readonly RunFolder _run;
    private readonly string? _video;
    private readonly RunFacts _facts;
    private readonly ResultOwners _owners;

    /// <param name="folder">The run's folder.</param>
    /// <param name="video">To show the network's view of; null: the first one that it was trained on and that is there.</param>
    /// <exception cref="UserException">The folder or the video does not exist.</exception>
    public RunReport(string folder, string? video)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserException(
                $"The run '{folder}' does not exist. 'tdv pretrain', 'tdv segment' and 'tdv demo' make one."
            );
        }

        if (video is not null && !Path.Exists(video))
        {
            throw new UserException($"The video '{video}' does not exist.");
        }

        _folder = folder;
        _run = new RunFolder(folder);
        _owners = new ResultOwners(folder);
        _facts = RunFacts.Read(_run);
        _video = video ?? _facts.Videos.FirstOrDefault(Path.Exists);
    }

    /// <summary>What is not on the page because it is of another model; a sentence each.</summary>
    public IReadOnlyList<string> LeftOut => _owners.LeftOut;

    /// <summary>Writes the page. The run may be going on meanwhile.</summary>
    /// <param name="path">The file; null: <see cref="FileName"/> in the run's folder.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="UserException">
    /// The file cannot be written, one of the default name is no report, or a table in the folder cannot be read.
    /// </exception>
    public string Write(string? path = null)
    {
        byte[] page = Encoding.UTF8.GetBytes(Page().Code);
        string file = path ?? Path.Combine(_folder, FileName);
        try
        {
            if (path is null)
            {
                using var own = OwnFolder.Join(_folder);
                string? model = _owners.Models is [var first, ..] ? first.Hash : null;
                own.Write(FileName, stream => stream.Write(page), model);
            }
            else
            {
                AtomicFile.Write(path, stream => stream.Write(page));
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"The report '{file}' cannot be written: {exception.Message} --out chooses another place.",
                exception
            );
        }
    }

    private Html Page()
    {
        var steps = MetricsFile.Read(_run.Metrics);
        var masks = MaskSection.Of(_folder, _owners);
        var tables = TableSection.Of(ResultFiles.Tables(_folder, _owners), _owners);
        var confusions = ConfusionSection.Of(ResultFiles.Confusions(_folder, _owners));
        string name = new DirectoryInfo(_folder).Name;
        return Html.Of(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{name} – TDV</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <style>{new Html(Style())}</style></head><body>
            <header><p class="kind">Learned from video</p><h1>{name}</h1><p class="when">{Subtitle()}</p>
            <nav aria-label="Parts"><a href="#pictures">What it sees</a>{(
                masks == Html.Nothing ? masks : Html.Of($"""<a href="#masks">What it paints</a>""")
            )}<a href="#curves">Training</a><a href="#results">Results</a><a href="#configuration">Configuration</a></nav></header>
            <main>
            <section aria-label="Summary">{SummarySection.Of(steps)}</section>
            <section id="pictures"><h2>What it sees</h2>{Pictures()}</section>
            {(
                masks == Html.Nothing
                    ? masks
                    : Html.Of($"""<section id="masks"><h2>What it paints</h2>{masks}</section>""")
            )}
            <section id="curves"><h2>Training</h2>{CurveSection.Of(steps)}</section>
            <section id="results"><h2>Results</h2>{Stale()}{tables}
            {confusions}</section>
            <section id="configuration"><h2>Configuration</h2>{ConfigurationSection.Of(_facts)}</section>
            </main></body></html>

            """
        );
    }

    private string Subtitle()
    {
        string preset = _facts.Description?.Options.GetValueOrDefault("Preset") is { } value ? $"preset {value}" : "";
        string videos = _facts.Videos.Count > 0 ? $"{_facts.Videos.Count} videos" : "";
        string time = DateTimeOffset.TryParse(
            _facts.Starts is [.., var last] ? last.Time : null,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var start
        )
            ? start.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "";
        string models = string.Join(
            ", ",
            _owners.Models.Select(model => $"{model.Name} {ModelHash.Short(model.Hash)}")
        );
        return string.Join(" · ", new[] { preset, videos, time, models }.Where(part => part.Length > 0));
    }

    private Html Stale() =>
        LeftOut.Count == 0
            ? Html.Nothing
            : Html.Of(
                $"""<div class="card"><p>Left out, because it does not belong to what lies here now:</p><ul>{LeftOut.Select(one => Html.Of($"<li>{one}</li>"))}</ul></div>"""
            );

    private Html Pictures()
    {
        string[] networks = [_run.Weights, Path.Combine(_folder, Segmentation.ModelName)];
        if (Array.Find(networks, File.Exists) is not { } network)
        {
            return PictureSection.Missing(
                "There are no weights yet: 'tdv pretrain' writes them when it is over or stopped. Pictures need them."
            );
        }

        if (_video is null)
        {
            return PictureSection.Missing(
                "None of the videos that it was trained on is here. Give one with 'tdv report RUN --video FILE'."
            );
        }

        var ml = Context.Create(seed: 0);
        using var model = ModelSource.Load(ml, network);
        using var clip = SeenClip.Sample(new SeenVideo(ml, model, _video), Defaults.SecondsToShow, Frames);
        return PictureSection.Of(clip, _video);
    }

    private static string Style()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
