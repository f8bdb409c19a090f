using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Pipeline;

/// <summary>Loads a saved model, paints labeled images, compares with the truth and draws what came out.</summary>
internal sealed class Evaluation : IDisposable
{
    /// <summary>The file with the figures, in the output folder.</summary>
    public const string FileName = "evaluation.json";

    /// <summary>The folder with the overlays, in the output folder.</summary>
    public const string Overlays = "overlays";

    private const string Confusion = "evaluation";
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly LabeledList _test;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly OutputFolder _folder;
    private readonly ITransformer _model;
    private readonly string _hash;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Evaluation(string model, string test, string classes, string output, PaintingChoice? painting = null)
    {
        var inputs = LabeledInputs.Read(classes, test);
        (_test, _classes) = (inputs.Lists[0], inputs.Classes);
        _model = ModelFile.Load(_ml, model, painting);
        _hash = ModelHash.Of(model);
        _folder = OutputFolder.Open(output);
        try
        {
            _folder.Require(Names(_test));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The files that an evaluation of the list writes.</summary>
    public static IEnumerable<string> Names(LabeledList test) =>
        [
            FileName,
            ConfusionFile.FileOf(Confusion),
            .. UniqueNames.Of([.. Shown(test).Select(image => image.Path)]).Select(OverlayOf),
        ];

    /// <summary>Whether a file is one that evaluations write.</summary>
    public static bool IsResult(string name) =>
        name == FileName
        || name == ConfusionFile.FileOf(Confusion)
        || name.StartsWith($"{Overlays}/", StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    public void Run()
    {
        var painted = Paint(_test.Images);
        var metrics = _ml.MulticlassClassification.EvaluateMasks(painted, Columns.Mask, Columns.Predicted);
        var figures = Figures.From(metrics);
        // Nothing of an earlier evaluation is to lie beside this one's.
        _folder.Remove(file => IsResult(file.Name));
        int written = WriteOverlays([.. Shown(_test)]);
        string title = $"What was taken for what in {_test.Images.Count} test images";
        ConfusionFile.Save(_folder, Confusion, title, metrics, _hash);
        FiguresFile.Write(_folder, FileName, _hash, figures);
        Terminal.Line($"wrote {written} overlays");
        Terminal.Line($"{figures}");
    }

    private static string OverlayOf(string name) => $"{Overlays}/{name}.png";

    /// <summary>The images that overlays are painted of, evenly chosen.</summary>
    private static IEnumerable<LabeledImage> Shown(LabeledList test)
    {
        int pictures = Math.Min(test.Images.Count, Defaults.MostOverlays);
        return Enumerable.Range(0, pictures).Select(i => test.Images[i * test.Images.Count / pictures]);
    }

    private IDataView Paint(IEnumerable<LabeledImage> images)
    {
        var data = LabeledData.Load(_ml, images, _classes, ModelFile.PreviousFrames(_model));
        _ = ModelFile.Masks(_model.GetOutputSchema(data.Schema));
        return _model.Transform(data);
    }

    /// <returns>How many.</returns>
    private int WriteOverlays(IReadOnlyList<LabeledImage> images)
    {
        var view = Paint(images);
        var overlay = new MaskOverlay(ModelFile.Masks(view.Schema));
        using var cursor = view.GetRowCursor([
            view.Schema[Columns.Frame],
            view.Schema[Columns.Mask],
            view.Schema[Columns.Predicted],
        ]);
        var getFrame = cursor.GetGetter<MLImage>(view.Schema[Columns.Frame]);
        var getTruth = cursor.GetGetter<VBuffer<uint>>(view.Schema[Columns.Mask]);
        var getPredicted = cursor.GetGetter<VBuffer<uint>>(view.Schema[Columns.Predicted]);
        var names = UniqueNames.Of([.. images.Select(image => image.Path)]);
        int written = 0;
        MLImage image = null!;
        VBuffer<uint> truth = default;
        VBuffer<uint> predicted = default;
        while (cursor.MoveNext())
        {
            getFrame(ref image);
            getTruth(ref truth);
            getPredicted(ref predicted);
            using var picture = Comparison.Draw(image, [.. truth.DenseValues()], [.. predicted.DenseValues()], overlay);
            _folder.Write(OverlayOf(names[written++]), picture, _hash);
        }

        return written;
    }
}
