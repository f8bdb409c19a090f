using System.Globalization;
using Microsoft.ML;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

/// <summary>What a probe can do with few labeled images: those of a fraction are drawn anew for each seed.</summary>
internal sealed class LabelStudy
{
    private const string MeanIoU = "mIoU";
    private readonly ProbeSettings _settings;
    private readonly IReadOnlyList<double> _fractions;
    private readonly LabeledSets _sets;
    private readonly Networks _networks;
    private readonly StudyFolder _folder;

    /// <param name="settings">Networks and images.</param>
    /// <param name="fractions">Of the training images that have labels, above 0 to 1.</param>
    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public LabelStudy(ProbeSettings settings, IReadOnlyList<double> fractions)
    {
        _settings = settings;
        _fractions = fractions;
        OutputFolder.Open(settings.Out).Dispose();
        _sets = new LabeledSets(
            Context.Create(seed: 0),
            settings.Train,
            settings.Test,
            settings.Classes,
            settings.Features
        );
        _networks = new Networks(settings.Weights);
        _folder = new StudyFolder(
            settings.Out,
            string.Join(
                "; ",
                [.. settings.Weights, settings.Train, settings.Test, settings.Classes, $"{settings.Features}"]
            )
        );
    }

    private bool HasMotion => _sets.HasMotion && _networks.HasMotion;

    public void Run(CancellationToken cancellation)
    {
        Terminal.Heading($"Few labels: {_sets.Count} labeled images at most, {_sets.TestCount} unseen ones");
        string[] learned = HasMotion ? [Columns.Features, Columns.Motion] : [Columns.Features];
        object[][] rows =
        [
            .. Rows("TDV", "tdv", learned, OfTrained, cancellation),
            .. Rows("untrained network", "untrained", learned, OfUntrained, cancellation),
            .. Rows("color and position, no network", "color", [], OfColor, cancellation),
        ];
        var table = new ResultTable(
            "Few labels",
            $"mIoU of the linear probe in percent, mean ± standard deviation of {_settings.Seeds} seeds, by the part of "
                + $"the {_sets.Count} training images that have labels, drawn anew for each seed. {_settings.Features}"
                + (HasMotion ? ", with motion." : "."),
            ["features", .. _fractions.Select(f => $"{Text(100 * f)} % ({ImagesOf(f)})")],
            rows
        );
        table.Show();
        using (var folder = OutputFolder.Open(_settings.Out))
        {
            table.Save(folder, "labels");
        }
    }

    /// <summary>A row for the features alone, where there are any, and one with color beside them.</summary>
    private List<object[]> Rows(
        string title,
        string key,
        string[] learned,
        Func<int, LabeledFeatures> compute,
        CancellationToken cancellation
    )
    {
        (string Title, string Key, string[] Kinds)[] rows =
            learned.Length == 0
                ? [(title, key, [Columns.Color])]
                : [(title, key, learned), ($"{title}, and color", $"{key}-color", [.. learned, Columns.Color])];
        var values = rows.Select(_ => _fractions.ToDictionary(fraction => fraction, _ => new List<double>())).ToArray();
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            int current = seed;
            // Not computed at all where every fraction is done.
            var features = new Lazy<LabeledFeatures>(() => compute(current));
            for (int row = 0; row < rows.Length; row++)
            {
                foreach (double fraction in _fractions)
                {
                    cancellation.ThrowIfCancellationRequested();
                    double value = MeanIoUOf(rows[row].Key, rows[row].Kinds, features, fraction, current);
                    Terminal.Line(
                        $"{rows[row].Title}, {Text(100 * fraction)} % of the labels, seed {seed}: mIoU={value:F3}"
                    );
                    values[row][fraction].Add(value);
                }
            }
        }

        return
        [
            .. rows.Select(
                (row, i) => (object[])[row.Title, .. _fractions.Select(fraction => Spread.Percent(values[i][fraction]))]
            ),
        ];
    }

    private double MeanIoUOf(string key, string[] kinds, Lazy<LabeledFeatures> features, double fraction, int seed) =>
        _folder.Get(
            $"labels-{key}-{Text(fraction)}-seed{seed}",
            () =>
                new()
                {
                    [MeanIoU] = features.Value.Evaluate(kinds, seed, neighbors: 0, Draw(fraction, seed)).Probe.MeanIoU,
                }
        )[MeanIoU];

    private LabeledFeatures OfTrained(int seed)
    {
        using var model = _networks.Trained(seed);
        return _sets.OfNetwork(model, HasMotion, color: true);
    }

    private LabeledFeatures OfUntrained(int seed)
    {
        using var model = _networks.Untrained(seed);
        return _sets.OfNetwork(model, HasMotion, color: true);
    }

    private LabeledFeatures OfColor(int seed) => _sets.OfColor(_networks.TrainingSize, _networks.PatchSize);

    private int ImagesOf(double fraction) => Math.Clamp((int)Math.Round(fraction * _sets.Count), 1, _sets.Count);

    /// <summary>The same images for every kind of features.</summary>
    private int[] Draw(double fraction, int seed)
    {
        int[] images = [.. Enumerable.Range(0, _sets.Count)];
        new Random(seed).Shuffle(images);
        return [.. images.Take(ImagesOf(fraction)).Order()];
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
