using System.Globalization;
using Microsoft.ML;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;

namespace Tdv.Samples.Studies;

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
        OutputFolder.Prepare(settings.Out);
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
        var rows = new[]
        {
            Row("TDV", "tdv", learned, OfTrained, cancellation),
            Row("untrained network", "untrained", learned, OfUntrained, cancellation),
            Row("color and position, no network", "color", [Columns.Features], OfColor, cancellation),
        };
        var table = new ResultTable(
            "Few labels",
            $"mIoU of the linear probe in percent, mean ± standard deviation of {_settings.Seeds} seeds, by the part of "
                + $"the {_sets.Count} training images that have labels, drawn anew for each seed. {_settings.Features}"
                + (HasMotion ? ", with motion." : "."),
            ["features", .. _fractions.Select(f => $"{Text(100 * f)} % ({ImagesOf(f)})")],
            rows
        );
        table.Show();
        table.Save(_settings.Out, "labels");
    }

    private object[] Row(
        string title,
        string key,
        string[] columns,
        Func<int, LabeledFeatures> compute,
        CancellationToken cancellation
    )
    {
        var values = _fractions.ToDictionary(fraction => fraction, _ => new List<double>());
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            int current = seed;
            // Not computed at all where every fraction is done.
            var features = new Lazy<LabeledFeatures>(() => compute(current));
            foreach (double fraction in _fractions)
            {
                cancellation.ThrowIfCancellationRequested();
                double value = _folder.Get(
                    $"labels-{key}-{Text(fraction)}-seed{seed}",
                    () =>
                        new()
                        {
                            [MeanIoU] = features
                                .Value.Evaluate(columns, current, neighbors: 0, Draw(fraction, current))
                                .Probe.MeanIoU,
                        }
                )[MeanIoU];
                Terminal.Line($"{title}, {Text(100 * fraction)} % of the labels, seed {seed}: mIoU={value:F3}");
                values[fraction].Add(value);
            }
        }

        return [title, .. _fractions.Select(fraction => Spread.Percent(values[fraction]))];
    }

    private LabeledFeatures OfTrained(int seed)
    {
        using var model = _networks.Trained(seed);
        return _sets.OfNetwork(model, HasMotion);
    }

    private LabeledFeatures OfUntrained(int seed)
    {
        using var model = _networks.Untrained(seed);
        return _sets.OfNetwork(model, HasMotion);
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
