using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// The whole way: pretrain, train the pixel classifier, save, evaluate in a new process, compare with what is simpler.
/// </summary>
internal sealed class Segmentation
{
    /// <summary>The file with the whole chain from images to masks, in the output folder.</summary>
    public const string ModelName = "model.zip";

    private readonly SegmentSettings _settings;
    private readonly MLContext _ml;
    private readonly LabeledList _train;
    private readonly LabeledList _test;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly Pretrainer? _pretrainer;

    /// <summary>Pictures that are both trained and tested on.</summary>
    private readonly int _shared;

    /// <summary>Reads the lists and tries everything that can be tried before any work.</summary>
    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Segmentation(SegmentSettings settings)
    {
        _settings = settings;
        _ml = Context.Create(settings.Seed);
        OutputFolder.Prepare(settings.Out);
        var inputs = LabeledInputs.Read(settings.Classes, settings.Train, settings.Test);
        (_train, _test, _classes) = (inputs.Lists[0], inputs.Lists[1], inputs.Classes);
        if (_train.HasPredecessors != _test.HasPredecessors)
        {
            Terminal.Warning(
                $"Of the lists '{_train.Path}' and '{_test.Path}' only one names predecessors as its third column: features of "
                    + "motion are off. Name them in both to turn these on."
            );
        }

        _shared = LabeledInputs.WarnOfShared(_train, _test);
        if (settings.Weights is { } weights && PlainFile.Fault(weights) is { } fault)
        {
            throw new UserException(
                $"The file of weights {Shown.Name(weights)} {fault}. 'pretrain' writes weights.safetensors."
            );
        }

        _pretrainer = settings.Videos is { } videos
            ? new Pretrainer(
                _ml,
                new PretrainSettings(
                    videos,
                    settings.Preset,
                    settings.Steps,
                    settings.Seed,
                    new RunFolder(settings.Out),
                    Size: settings.Size,
                    Regularization: settings.Regularization
                )
            )
            : null;
    }

    private string Note =>
        $"Percent, on {_test.Images.Count} images{Novelty}; {_train.Images.Count} labeled images to train on. "
        + $"TDV: {(_settings.Weights is { } weights ? $"the weights '{weights}'" : $"learned from '{_settings.Videos}'")}.";

    private string Novelty =>
        _shared == 0 ? ", none of which is trained on" : $", {_shared} of which are trained on, too";

    private string ModelPath => Path.Combine(_settings.Out, ModelName);

    /// <param name="clock">Runs since the command began.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Run(Stopwatch clock, CancellationToken cancellation)
    {
        using var model = _pretrainer?.Run(cancellation) ?? TdvModel.Load(_settings.Weights!);
        cancellation.ThrowIfCancellationRequested();
        bool motion = _train.HasPredecessors && _test.HasPredecessors && model.HasMotionEncoder;
        var features = new ImageFeatures(_ml, FeatureSizes(model));
        var classifier = new PixelClassifier(_ml, _settings.Trainer, _settings.Seed, _train.Images.Count, features)
        {
            Stride = _settings.Stride,
            FollowEdges = _settings.FollowEdges,
            Color = _settings.Color,
        };
        var train = LabeledData.Load(_ml, _train.Images, _classes, features.Largest);

        Terminal.Heading($"Training the pixel classifier on {_train.Images.Count} labeled images");
        Terminal.Line(
            motion ? "with features of the frames and of the motion between them" : "with features of the frames"
        );
        _ml.Model.Save(classifier.Train(train, model, motion), train.Schema, ModelPath);
        Terminal.Line($"saved {ModelPath}");

        Terminal.Heading($"A new process loads the model and paints {_test.Images.Count} test images{Novelty}");
        var results = new List<(string Key, Figures Figures)> { ("tdv", EvaluationProcess.Run(_settings, ModelPath)) };
        cancellation.ThrowIfCancellationRequested();
        Terminal.Heading("The same without what was learned, to compare");
        results.AddRange(Baselines(classifier, train, model, motion, features.Largest, cancellation));

        FiguresFile.WriteAll(Path.Combine(_settings.Out, "metrics.json"), results, clock.Elapsed);
        var tables = new FigureTables([.. results.Select(result => (Title(result.Key), result.Figures))]);
        foreach (var (name, table) in new[] { ("segment", tables.Means(Note)), ("segment-classes", tables.Classes()) })
        {
            table.Show();
            table.Save(_settings.Out, name);
        }

        Terminal.Line($"{ModelPath}, {Path.Combine(_settings.Out, Evaluation.Overlays)}, metrics.json");
        Terminal.Line($"'report {_settings.Out}' shows all of it on one page");
        Terminal.Line($"{results[0].Figures} seconds={clock.Elapsed.TotalSeconds:F0}");
    }

    private IEnumerable<(string Key, Figures Figures)> Baselines(
        PixelClassifier classifier,
        IDataView train,
        TdvModel model,
        bool motion,
        (int Height, int Width) enough,
        CancellationToken cancellation
    )
    {
        var test = LabeledData.Load(_ml, _test.Images, _classes, enough);
        using var untrained = TdvModel.Create(model.Options, _settings.Seed);
        var methods = new List<(string Key, Func<ITransformer> Train)>
        {
            ("untrained", () => classifier.Train(train, untrained, motion)),
            ("color", () => classifier.TrainOnColor(train, model.PatchSize)),
        };
        if (motion)
        {
            methods.Add(("withoutMotion", () => classifier.Train(train, model, motion: false)));
        }

        foreach (var (key, fit) in methods)
        {
            cancellation.ThrowIfCancellationRequested();
            var metrics = _ml.MulticlassClassification.EvaluateMasks(
                fit().Transform(test),
                Columns.Mask,
                Columns.Predicted
            );
            var figures = Figures.From(metrics);
            Terminal.Line($"{Title(key)}: {figures}");
            yield return (key, figures);
        }
    }

    private IReadOnlyList<(int Height, int Width)> FeatureSizes(TdvModel model)
    {
        var (height, width) = _train.FirstSize();
        return Defaults.FeatureSizes(_settings.LongerSides, height, width, model.ImageSize, model.PatchSize);
    }

    private string Title(string key)
    {
        string beside = _settings.Color ? ", and color" : "";
        return key switch
        {
            "tdv" => $"TDV{beside}",
            "withoutMotion" => $"TDV without motion{beside}",
            "untrained" => $"untrained network{beside}",
            _ => "color, no network",
        };
    }
}
