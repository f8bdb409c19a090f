using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>Compares ways to match pictures with the truth, in tables and pictures: what flow and stereo have in common.</summary>
/// <typeparam name="TPair">Two pictures and the truth.</typeparam>
/// <typeparam name="TField">What is estimated.</typeparam>
/// <typeparam name="TMetrics">How good it is.</typeparam>
internal abstract class MatchingEvaluation<TPair, TField, TMetrics>(MatchingSettings settings)
{
    private readonly Dictionary<string, List<(TMetrics All, TMetrics[] Each)>> _results = [];

    private string[] _models = [];

    protected MatchingSettings Settings => settings;

    /// <summary>Of tables and folders.</summary>
    protected abstract string Name { get; }

    /// <summary>Ways without a network, the simplest first.</summary>
    protected abstract IReadOnlyList<(string Name, Func<TPair, TField> Estimate)> Classic { get; }

    protected abstract IReadOnlyList<string> Figures { get; }

    /// <exception cref="UserException">There are none.</exception>
    protected abstract IReadOnlyList<TPair> Find();

    protected abstract string NameOf(TPair pair);

    protected abstract TField Truth(TPair pair);

    protected abstract TField Estimate(FeatureMatching matching, TPair pair);

    /// <summary>Ways that are learned from a network's features; each is used before the next.</summary>
    protected virtual IEnumerable<(string Name, Func<TPair, TField> Estimate)> Learned(
        MLContext ml,
        Contender contender
    ) => [];

    protected abstract TMetrics Measure(IEnumerable<(TPair Pair, TField Truth, TField Estimate)> estimates);

    /// <summary>In the order of <see cref="Figures"/>; the first one is that of the table of pairs.</summary>
    protected abstract IReadOnlyList<double> FiguresOf(TMetrics metrics);

    /// <summary>Paints a field in the colors that fit the truth.</summary>
    protected abstract MLImage Paint(TField field, TField truth);

    protected abstract (string Title, string Note) Heading { get; }

    public void Run(CancellationToken cancellation)
    {
        using var folder = OutputFolder.Open(settings.Out);
        var pairs = Find();
        _models = [.. settings.Weights.Select(ModelSource.HashOf)];
        Terminal.Heading($"{Heading.Title}: {pairs.Count} pairs");
        var ml = Context.Create(seed: 0);
        foreach (var (name, estimate) in Classic)
        {
            Add(folder, name, pairs, estimate, cancellation);
        }

        foreach (var contender in Contender.All(ml, settings.Weights))
        {
            using (contender)
            {
                using var matching = new FeatureMatching(ml, contender, settings.Scale, settings.Reach);
                Add(folder, contender.Name, pairs, pair => Estimate(matching, pair), cancellation);
                foreach (var (name, estimate) in Learned(ml, contender))
                {
                    Add(folder, name, pairs, estimate, cancellation);
                }
            }
        }

        Report(folder, pairs);
    }

    private void Add(
        OutputFolder folder,
        string name,
        IReadOnlyList<TPair> pairs,
        Func<TPair, TField> estimate,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        bool first = !_results.TryGetValue(name, out var all);
        _results[name] = all ??= [];
        var each = new List<TMetrics>();
        var total = Measure(Estimates());
        all.Add((total, [.. each]));
        Terminal.Line($"{name}: {total} ({clock.Elapsed.TotalSeconds:F0} s)");

        IEnumerable<(TPair, TField, TField)> Estimates()
        {
            foreach (var pair in pairs)
            {
                cancellation.ThrowIfCancellationRequested();
                var found = (pair, Truth(pair), estimate(pair));
                each.Add(Measure([found]));
                if (first)
                {
                    Write(folder, pair, name, found.Item2, found.Item3);
                }

                yield return found;
            }
        }
    }

    private void Write(OutputFolder folder, TPair pair, string method, TField truth, TField estimate)
    {
        foreach (var (title, field) in new[] { ("truth", truth), (method, estimate) })
        {
            using var image = Paint(field, truth);
            using var picture = Pictures.ToMat(image);
            folder.Write($"{Name}/{NameOf(pair)}.{title.Replace(' ', '-')}.png", picture);
        }
    }

    private void Report(OutputFolder folder, IReadOnlyList<TPair> pairs)
    {
        int seeds = settings.Weights.Count;
        string note =
            $"{Heading.Note} {(seeds == 1 ? "One seed" : $"Mean ± standard deviation of {seeds} seeds")}; features of "
            + FormattableString.Invariant(
                $"pictures {settings.Scale} times as large; {settings.Reach} pixels at most."
            );
        var table = new ResultTable(
            Heading.Title,
            note,
            ["method", .. Figures],
            [
                .. _results.Select(result =>
                    (object[])
                        [
                            result.Key,
                            .. Figures.Select(
                                (_, i) => Spread.Of([.. result.Value.Select(seed => FiguresOf(seed.All)[i])], 2)
                            ),
                        ]
                ),
            ]
        );
        table.Show();
        table.Save(folder, Name, _models);
        var each = new ResultTable(
            $"{Heading.Title}, pair by pair: {Figures[0]}",
            note,
            ["pair", .. _results.Keys],
            [
                .. pairs.Select(
                    (pair, i) =>
                        (object[])
                            [
                                NameOf(pair),
                                .. _results.Values.Select(all =>
                                    Spread.Of([.. all.Select(seed => FiguresOf(seed.Each[i])[0])], 2)
                                ),
                            ]
                ),
            ]
        );
        each.Show();
        each.Save(folder, $"{Name}-pairs", _models);
        Terminal.Line($"wrote tables and pictures to '{settings.Out}'");
    }
}
