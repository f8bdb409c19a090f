using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Video;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row a vector of the clip that it names, <c>Vector&lt;Single, parts·D&gt;</c>. Reads the videos itself,
/// frame by frame; lazy, row to row.
/// </summary>
public sealed class TdvSummarizingTransformer : ColumnTransformer, IDisposable
{
    internal const string LoaderSignature = "TdvSummarizing";
    private const string ModelSignature = "TDVSUMRY";
    private const string FeaturesFolder = "Features";
    private readonly IHost _host;
    private readonly SummarySettings _settings;
    private readonly TdvFeaturizingTransformer _features;

    /// <param name="environment">The context's.</param>
    /// <param name="settings">Checked.</param>
    /// <param name="features">Gives CLS and Δz as the settings ask for; disposed of with this.</param>
    internal TdvSummarizingTransformer(
        IHostEnvironment environment,
        SummarySettings settings,
        TdvFeaturizingTransformer features
    )
        : base(environment, settings.OutputColumn, settings.InputColumn)
    {
        _host = environment.Register(nameof(TdvSummarizingTransformer));
        _settings = settings;
        _features = features;
    }

    /// <summary>The network's weights.</summary>
    public TdvModel Model => _features.Model;

    private protected override string Step => "TdvSummarize";

    private protected override IReadOnlyList<(string Name, ColumnKind Kind)> Inputs =>
        [(InputColumnName, ColumnKind.Text)];

    private int Length => int.PopCount((int)_settings.Options.Parts) * _features.Layout.Dimension;

    private protected override DataViewSchema.DetachedColumn Output =>
        new(OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Length));

    private protected override bool MayBeMissing => _settings.Options.MissingIfUnreadable;

    /// <summary>Frees what scoring needs, and the weights unless they were given to the estimator from outside.</summary>
    public void Dispose() => _features.Dispose();

    private protected override BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        FFmpegLoader.EnsureLoaded();
        return new SummaryKernel(_host, _settings, _features, row.GetGetter<ReadOnlyMemory<char>>(columns[0]), Length);
    }

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        MLNetInternals.SaveText(context, JsonSerializer.Serialize(_settings));
        MLNetInternals.SaveNested(context, _features, FeaturesFolder);
    }

    /// <summary>Called by ML.NET when it loads a model.</summary>
    private static TdvSummarizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        string settings = MLNetInternals.LoadText(ctx);
        var features =
            MLNetInternals.LoadNested(env, ctx, FeaturesFolder) as TdvFeaturizingTransformer
            ?? throw new InvalidDataException(
                "The saved model's TdvSummarize step has no network. Save the model again."
            );
        try
        {
            var parsed = SummarySettings.Parse(settings, features.Model.HasMotionEncoder);
            return features.Settings.Outputs.Count == 1 + Asked(parsed.Features)
                ? new(env, parsed, features)
                : throw new InvalidDataException(
                    "The saved model's TdvSummarize step is damaged: its network computes something else. Save the model again."
                );
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    /// <summary>Columns beside the grid.</summary>
    private static int Asked(TdvFeatureOptions options) =>
        (options.ClsColumnName is null ? 0 : 1) + (options.MotionColumnName is null ? 0 : 1);
}
