using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <summary>
/// Adds to each row where the cells of one frame are in another: flow, <c>Vector&lt;Single, rows, columns, 2&gt;</c>, or
/// disparity, <c>Vector&lt;Single, rows, columns&gt;</c>, and on request where it was found back. Lazy, row to row.
/// </summary>
public sealed class CellMatchingTransformer : RowTransformer
{
    internal const string LoaderSignature = "TdvCellMatching";
    private const string ModelSignature = "TDVMATCH";
    private readonly MatchSettings _settings;

    internal CellMatchingTransformer(IHostEnvironment environment, MatchSettings settings)
    {
        // Registered for its log and seed like every transformer of ML.NET.
        environment.Register(nameof(CellMatchingTransformer));
        _settings = settings;
    }

    private protected override BatchMapper Bind(DataViewSchema input) => new MatchMapper(input, _settings);

    private protected override void Save(ModelSaveContext context)
    {
        MLNetInternals.BeginSave(context, ModelSignature, LoaderSignature);
        MLNetInternals.SaveText(context, JsonSerializer.Serialize(_settings));
    }

    /// <summary>Called by ML.NET's loader, by name.</summary>
    private static CellMatchingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MLNetInternals.CheckLoad(ctx, ModelSignature, LoaderSignature);
        return new(env, MatchSettings.Parse(MLNetInternals.LoadText(ctx)));
    }
}
