using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Pipeline;

/// <summary>Loads a saved model, paints labeled images, compares with the truth and draws what came out.</summary>
internal sealed class Evaluation
{
    /// <summary>The file with the figures, in the output folder.</summary>
    public const string FileName = "evaluation.json";

    /// <summary>The folder with the overlays, in the output folder.</summary>
    public const string Overlays = "overlays";

    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly LabeledList _test;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly string _out;
    private readonly ITransformer _model;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Evaluation(string model, string test, string classes, string output, PaintingChoice? painting = null)
    {
        OutputFolder.Prepare(output);
        _out = output;
        var inputs = LabeledInputs.Read(classes, test);
        (_test, _classes) = (inputs.Lists[0], inputs.Classes);
        _model = ModelFile.Load(_ml, model, painting);
    }

    public void Run()
    {
        var painted = Paint(_test.Images);
        var metrics = _ml.MulticlassClassification.EvaluateMasks(painted, Columns.Mask, Columns.Predicted);
        var figures = Figures.From(metrics);
        int pictures = Math.Min(_test.Images.Count, Defaults.MostOverlays);
        int written = WriteOverlays([
            .. Enumerable.Range(0, pictures).Select(i => _test.Images[i * _test.Images.Count / pictures]),
        ]);
        FiguresFile.Write(Path.Combine(_out, FileName), figures);
        ConfusionFile.Save(_out, "evaluation", $"What was taken for what in {_test.Images.Count} test images", metrics);
        Terminal.Line($"wrote {written} overlays");
        Terminal.Line($"{figures}");
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
        string folder = Path.Combine(_out, Overlays);
        Directory.CreateDirectory(folder);
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
            Pictures.Write(Path.Combine(folder, $"{names[written++]}.png"), picture);
        }

        return written;
    }
}
