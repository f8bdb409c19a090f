using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>What tests of the pixel classifier share.</summary>
public abstract class PixelWiseFixture
{
    protected MLContext Ml { get; } = new(seed: 1);

    protected MulticlassClassificationCatalog.MulticlassClassificationTrainers Trainers =>
        Ml.MulticlassClassification.Trainers;

    protected static uint[] OnGrid(uint[] mask) =>
        Enumerable
            .Range(0, Scene.GridHeight * Scene.GridWidth)
            .Select(cell => mask[2 * (cell / Scene.GridWidth) * Scene.Width + 2 * (cell % Scene.GridWidth)])
            .ToArray();

    protected static uint[][] Masks(IDataView view) => view.GetColumn<uint[]>("PredictedLabel").ToArray();

    protected static float[][] Scores(IDataView view) => view.GetColumn<float[]>("Score").ToArray();

    protected IEstimator<ITransformer> Trainer(string name) =>
        name switch
        {
            "lbfgs" => Trainers.LbfgsMaximumEntropy(),
            "sdca" => Trainers.SdcaMaximumEntropy(),
            "sdca-hinge" => Trainers.SdcaNonCalibrated(),
            "lightgbm" => Trainers.LightGbm(numberOfIterations: 20, minimumExampleCountPerLeaf: 5),
            _ => Trainers.OneVersusAll(Ml.BinaryClassification.Trainers.AveragedPerceptron()),
        };

    /// <summary>Loads with a context of its own, as another process would.</summary>
    protected ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        Ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return new MLContext().Model.Load(stream, out _);
    }
}
