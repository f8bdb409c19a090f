using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Samples.Demo;
using Tdv.Tool.Pipeline;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>Generated clips and a linear pixel classifier on the features of an untrained Tiny network, saved.</summary>
internal sealed class PaintingModel : IDisposable
{
    private const int Images = 8;
    private readonly TdvModel _network = TdvModel.Create(TdvPreset.Tiny, 1);

    /// <param name="size">Height and width of the clips in pixels.</param>
    /// <param name="seconds">Length of each clip.</param>
    /// <param name="featureSize">The size that features are computed at.</param>
    public PaintingModel(int size, int seconds, int featureSize)
    {
        var options = new DemoOptions
        {
            TrainClips = Images,
            LabeledClips = Images,
            TestClips = 1,
            Size = size,
            Seconds = seconds,
        };
        var data = new DemoData(options, Path.Combine(Folder, "data"));
        data.Write();
        Video = Directory.GetFiles(data.TrainVideos)[0];
        var rows = LabeledData.Load(Context, LabeledList.Read(data.TrainList).Images, MaskClass.ReadFile(data.Classes));
        var classifier = new PixelClassifier(
            Context,
            Trainers.Lbfgs,
            1,
            Images,
            new ImageFeatures(Context, [(featureSize, featureSize)])
        );
        var chain = (TransformerChain<PixelWiseTransformer>)classifier.Train(rows, _network, motion: false);
        Featurizer = chain.First();
        Painter = chain.LastTransformer;
        Context.Model.Save(chain, rows.Schema, Zip);
    }

    public MLContext Context { get; } = new(1);

    public ITransformer Featurizer { get; }

    public PixelWiseTransformer Painter { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("tdv-painting").FullName;

    public string Zip => Path.Combine(Folder, "model.zip");

    public string Video { get; }

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
