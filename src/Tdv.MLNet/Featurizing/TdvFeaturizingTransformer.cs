using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row the features that a TDV network computes for its frame: a grid, <c>Vector&lt;Single, height, width,
/// layers·D&gt;</c>, and on request the CLS vector and the encoded motion. Lazy, batched, row to row.
/// </summary>
public sealed class TdvFeaturizingTransformer : RowTransformer, IDisposable
{
    internal const string LoaderSignature = "TdvTransformer";
    private const string ModelSignature = "TDVFEATR";
    private const string WeightsEntry = "Weights.safetensors";
    private readonly IHost _host;
    private readonly bool _ownsModel;
    private readonly Lazy<FeatureEngine> _engine;

    internal TdvFeaturizingTransformer(
        IHostEnvironment environment,
        FeatureSettings settings,
        TdvModel model,
        bool ownsModel
    )
    {
        _host = environment.Register(nameof(TdvFeaturizingTransformer));
        Settings = settings;
        Model = model;
        _ownsModel = ownsModel;
        Layout = FeatureLayout.Of(settings, model.Options);
        Orientation = StoredOrientation.Of(environment);
        // A device that was missing may be there the next time.
        _engine = new(() => FeatureEngine.Choose(_host, model, settings), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The network's weights, to be saved alone or used in another pipeline.</summary>
    public TdvModel Model { get; }

    internal FeatureSettings Settings { get; }

    internal FeatureLayout Layout { get; }

    /// <summary>Looks at the pictures that come in.</summary>
    internal StoredOrientation Orientation { get; }

    internal FeatureEngine Engine => _engine.Value;

    /// <summary>
    /// Frees what scoring needs, after the calls that are running, and the weights unless they were given to the estimator
    /// from outside.
    /// </summary>
    public void Dispose()
    {
        if (_ownsModel)
        {
            Model.Dispose();
        }

        if (_engine.IsValueCreated)
        {
            _engine.Value.Dispose();
        }
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        MLNetInternals.SaveText(context, JsonSerializer.Serialize(Settings));
        byte[] weights = Model.ToBytes();
        MLNetInternals.SaveEntry(context, WeightsEntry, writer => writer.Write(weights));
    }

    /// <summary>Called by ML.NET when it loads a model.</summary>
    private static TdvFeaturizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        string settings = MLNetInternals.LoadText(ctx);
        byte[] weights = MLNetInternals.LoadBytes(ctx, WeightsEntry);
        // Version 0.1 wrote the file's length first. Byte 8 then is a high byte of the header's own length, hence 0.
        bool plain = weights is [_, _, _, _, _, _, _, _, (byte)'{', ..];
        var model = TdvModel.FromBytes(plain ? weights : weights[Math.Min(4, weights.Length)..], "The saved model");
        try
        {
            return new TdvFeaturizingTransformer(
                env,
                FeatureSettings.Parse(settings, model.Options),
                model,
                ownsModel: true
            );
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private protected override BatchMapper Bind(DataViewSchema input) => new TdvMapper(this, input);
}
