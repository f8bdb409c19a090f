using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Samples.Demo;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

/// <summary>What studies that train share: their data, filmed or given, and one run for each row and seed.</summary>
internal sealed class TrainingStudy
{
    /// <summary>Pixels of each image that a probe learns from: as many as an image of 128 pixels has cells.</summary>
    public const int ProbeSamples = 256;

    private readonly StudySettings _settings;
    private readonly StudyFolder _folder;
    private readonly DemoData _data;
    private readonly Stopwatch _clock = new();

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public TrainingStudy(StudySettings settings)
    {
        _settings = settings;
        OutputFolder.Open(settings.Out).Dispose();
        _data = new DemoData(settings.Film, Path.Combine(settings.Out, "data"));
        _folder = new StudyFolder(
            settings.Out,
            $"{settings.Steps} steps, {settings.Size} pixels, "
                + $"{settings.Videos ?? $"own clips {settings.Film}"}, {settings.TestVideos}, {settings.Train}, {settings.Test}{Rate}"
        );
    }

    private string Rate =>
        _settings.LearningRate is { } rate ? FormattableString.Invariant($", learning rate {rate},") : "";

    private bool FilmsItself => _settings.Videos is null;

    /// <summary>Trains each row once for each seed, except what is already there.</summary>
    /// <param name="rows">The trainings.</param>
    /// <param name="train">One run of a row with a seed: its figures.</param>
    /// <returns>The figures of each seed, in the order of the rows.</returns>
    public IReadOnlyList<(TRow Row, IReadOnlyList<IReadOnlyDictionary<string, double>> Seeds)> Run<TRow>(
        IReadOnlyList<TRow> rows,
        Func<TRow, int, Dictionary<string, double>> train
    )
        where TRow : IStudyRow
    {
        _clock.Restart();
        Terminal.Heading(
            $"{rows.Count} recipes, {_settings.Seeds} seeds, {_settings.Steps} steps at {_settings.Size} pixels each"
        );
        if (FilmsItself && !File.Exists(_data.TestList))
        {
            _data.Write();
        }

        var results = rows.Select(_ => new List<IReadOnlyDictionary<string, double>>()).ToList();
        // Seed by seed, so that a study that was stopped has something of each row.
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            foreach (var (row, seeds) in rows.Zip(results))
            {
                var figures = _folder.Get($"{row.Key}-seed{seed}", () => Timed(train, row, seed));
                Terminal.Line(
                    $"{row.Title}, seed {seed}: "
                        + string.Join("  ", figures.Select(figure => $"{figure.Key} {figure.Value:F3}"))
                );
                seeds.Add(figures);
            }
        }

        return [.. rows.Zip(results, (row, seeds) => (row, (IReadOnlyList<IReadOnlyDictionary<string, double>>)seeds))];
    }

    /// <summary>The recipe that every training of the study begins with: the paper's objective, whatever the preset adds.</summary>
    public TdvOptions Options(int seed, CancellationToken cancellation) =>
        new()
        {
            Steps = _settings.Steps,
            Seed = seed,
            CancellationToken = cancellation,
            ImageSize = _settings.Size,
            LearningRate = _settings.LearningRate,
            Regularization = TdvRegularization.None,
        };

    /// <summary>Frame pairs to train on.</summary>
    public IDataView TrainingPairs(MLContext ml) =>
        ProbeVideos.Load(ml, _settings.Videos ?? _data.TrainVideos, _settings.Size);

    /// <summary>Frame pairs to test with.</summary>
    public IDataView UnseenPairs(MLContext ml) =>
        ProbeVideos.Load(
            ml,
            _settings.TestVideos ?? _settings.Videos ?? Path.Combine(Path.GetDirectoryName(_data.TrainVideos)!, "test"),
            _settings.Size
        );

    /// <summary>
    /// Images for probes, of the last layer alone and without position: what only the training can have put there. Null
    /// if there are none.
    /// </summary>
    public LabeledSets? Labeled(MLContext ml, int depth)
    {
        var choice = new FeatureChoice([depth], Position: false);
        return _settings is { Train: { } train, Test: { } test, Classes: { } classes }
                ? new LabeledSets(ml, train, test, classes, choice)
            : FilmsItself ? new LabeledSets(ml, _data.TrainList, _data.TestList, _data.Classes, choice)
            : null;
    }

    /// <summary>How much was trained, on what, and how often: the beginning of a table's note.</summary>
    public string Describe() =>
        $"Mean ± standard deviation of {_settings.Seeds} seeds; {_settings.Steps} steps of the tiny preset at "
        + $"{_settings.Size} pixels{Rate} on {_settings.Videos ?? "generated clips"}.";

    /// <summary>A figure of all seeds; "–" where it was not measured.</summary>
    public static object Mean(
        IReadOnlyList<IReadOnlyDictionary<string, double>> seeds,
        string figure,
        int digits,
        double factor = 1
    ) => Spread.Of([.. seeds.Select(figures => factor * figures.GetValueOrDefault(figure, double.NaN))], digits);

    /// <summary>Shows a study's table and keeps it for the report.</summary>
    public void Finish(ResultTable table, string name)
    {
        table.Show();
        using (var folder = OutputFolder.Open(_settings.Out))
        {
            table.Save(folder, name);
        }

        Terminal.Line($"{_clock.Elapsed.TotalSeconds:F0} s; tables in '{_settings.Out}'");
    }

    private static Dictionary<string, double> Timed<TRow>(
        Func<TRow, int, Dictionary<string, double>> train,
        TRow row,
        int seed
    )
    {
        var clock = Stopwatch.StartNew();
        var figures = train(row, seed);
        figures["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 1);
        return figures;
    }
}
