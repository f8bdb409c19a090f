using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>How well a network's features carry masks through DAVIS, beside those of simpler ways.</summary>
internal sealed class DavisPropagation
{
    private const string StandingStill = "first mask, standing still";
    private const string Truth = "Truth";
    private const string Carried = "PropagatedMask";
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly DavisSettings _settings;
    private readonly DavisSet _set;
    private readonly MaskLegend _legend;
    private readonly FrameSize _size;
    private readonly Dictionary<string, List<PropagationMetrics>> _results = [];

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public DavisPropagation(DavisSettings settings)
    {
        _settings = settings;
        _set = DavisSet.Read(settings.Data, settings.Sequences, settings.Every, settings.First);
        _legend = MaskLegend.Of(_set.Classes);
        _size = SizeFor(settings);
    }

    public void Run(CancellationToken cancellation)
    {
        using var folder = OutputFolder.Open(_settings.Out);
        string[] models = [.. _settings.Weights.Select(ModelSource.HashOf)];
        Terminal.Heading($"Carrying masks through {_set.Sequences.Count} sequences, frames resized to {_size}");
        foreach (var contender in Contender.All(_ml, _settings.Weights))
        {
            using (contender)
            {
                Evaluate(contender, cancellation);
            }
        }

        var table = Table();
        table.Show();
        table.Save(folder, "propagation", models);
        Sequences().Save(folder, "propagation-sequences", models);
        Terminal.Line($"wrote tables to '{_settings.Out}'");
    }

    private void Evaluate(Contender contender, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var score = new PropagationScore(_legend);
        // Nothing about it depends on features: once is enough.
        var still = _results.ContainsKey(StandingStill) ? null : new PropagationScore(_legend);
        var view = Rows(contender);
        var (frame, truth, carried) = (view.Schema[Columns.Frame], view.Schema[Truth], view.Schema[Carried]);
        using var cursor = view.GetRowCursor([frame, truth, carried, view.Schema[nameof(DavisFrame.Video)]]);
        var columns = PropagationScoreColumns.Bind(
            view.Schema,
            Truth,
            Carried,
            nameof(DavisFrame.Video),
            Columns.Frame
        );
        var reader = new PropagationScoreReader(cursor, columns);
        var (video, first) = ("", Array.Empty<uint>());
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read();
            score.Add(reader.Video, reader.Truth, reader.Found, reader.Height, reader.Width);
            if (still is not null)
            {
                (video, first) = (reader.Video, reader.Video == video ? first : reader.Truth.ToArray());
                still.Add(video, reader.Truth, first, reader.Height, reader.Width);
            }
        }

        Add(contender.Name, score.ToMetrics(), clock);
        if (still is not null)
        {
            Add(StandingStill, still.ToMetrics(), clock);
        }
    }

    private IDataView Rows(Contender contender)
    {
        var rows = _ml.Data.LoadFromEnumerable(_set.Sequences.SelectMany(sequence => sequence.Rows()));
        var view = _ml
            .Transforms.LoadPictures(Columns.Frame, "", nameof(DavisFrame.Path))
            .Append(_ml.Transforms.LoadMasks(Columns.Mask, "", nameof(DavisFrame.MaskPath), _set.Classes))
            .Append(_ml.Transforms.LoadMasks(Truth, "", nameof(DavisFrame.TruthPath), _set.Classes))
            .Append(contender.Features(_ml, Columns.Features, Columns.Frame, _size.Height, _size.Width))
            .Fit(rows)
            .Transform(rows);
        return _ml.Data.PropagateMasks(view, new() { Decision = _settings.Decision, PatchSize = contender.PatchSize });
    }

    private void Add(string name, PropagationMetrics metrics, Stopwatch clock)
    {
        if (!_results.TryGetValue(name, out var all))
        {
            _results[name] = all = [];
        }

        all.Add(metrics);
        Terminal.Line($"{name}, seed {all.Count - 1}: {metrics} ({clock.Elapsed.TotalSeconds:F0} s)");
    }

    private ResultTable Table()
    {
        int frames = _set.Sequences.Sum(sequence => sequence.Frames.Count);
        string taken =
            _settings.Every == 1 && _settings.First is null
                ? "all frames"
                : $"one frame in {_settings.Every}, {_settings.First?.ToString() ?? "all"} of them at most";
        string decision =
            _settings.Decision == MaskDecision.Stretched
                ? "each class stretched to 0 to 1, then the largest (DINO's protocol)"
                : "the largest share (a threshold of 0.5 for single objects)";
        return new(
            "Masks of the first frame carried through video",
            $"Percent, mean over objects; ± standard deviation over seeds. {_set.Sequences.Count} sequences, {frames} frames "
                + $"({taken}), resized to {_size} for the network; decided by {decision}. First and last frames are not "
                + "measured, as in the DAVIS 2017 toolkit. For orientation only: DINO reports J&F 69.9 for ViT-S/8 and 61.8 "
                + "for ViT-S/16 on the validation set of DAVIS 2017 at 480p with several objects a video; figures of other "
                + "sequences, sizes or single objects (DAVIS 2016) are not comparable with these.",
            ["features", "J&F", "J", "J recall", "J decay", "F", "F recall", "F decay"],
            [
                .. _results.Select(result =>
                    (object[])
                        [
                            result.Key,
                            Of(result.Value, one => one.RegionAndBoundary),
                            Of(result.Value, one => one.Region.Mean),
                            Of(result.Value, one => one.Region.Recall),
                            Of(result.Value, one => one.Region.Decay),
                            Of(result.Value, one => one.Boundary.Mean),
                            Of(result.Value, one => one.Boundary.Recall),
                            Of(result.Value, one => one.Boundary.Decay),
                        ]
                ),
            ]
        );
    }

    private ResultTable Sequences() =>
        new(
            "Masks carried through video, by sequence",
            "J&F in percent, mean over the objects of a sequence.",
            ["sequence", .. _results.Keys],
            [
                .. _set.Sequences.Select(sequence =>
                    (object[])
                        [
                            sequence.Name,
                            .. _results.Values.Select(all =>
                                Of(
                                    all,
                                    one =>
                                        one.Objects.Where(other => other.Video == sequence.Name)
                                            .Select(other => other.RegionAndBoundary)
                                            .DefaultIfEmpty(double.NaN)
                                            .Average()
                                )
                            ),
                        ]
                ),
            ]
        );

    private static object Of(List<PropagationMetrics> all, Func<PropagationMetrics, double> figure) =>
        Spread.Percent(all.Select(figure));

    private FrameSize SizeFor(DavisSettings settings)
    {
        using var model = ModelSource.Load(_ml, settings.Weights[0]);
        if (settings.Size is { } size)
        {
            return size.InPatches(model.PatchSize);
        }

        using var image = Pictures.Read(_set.Sequences[0].Frames[0]);
        var (height, width) = Defaults.FeatureSize(image.Height, image.Width, model.ImageSize, model.PatchSize);
        return new(height, width);
    }
}
