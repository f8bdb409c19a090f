using Tdv.MLNet.Foundation;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>
/// Which results in a run's folder are of the models that lie in it. Those of others, left by an earlier or another command,
/// are not shown beside them; where there is no model, nothing is mixed.
/// </summary>
internal sealed class ResultOwners
{
    private static readonly string[] Names = [Segmentation.ModelName, RunFolder.WeightsName];
    private readonly List<string> _leftOut = [];

    /// <param name="folder">The run's.</param>
    public ResultOwners(string folder) =>
        Models = [
            .. Names
                .Select(name => (Name: name, Path: Path.Combine(folder, name)))
                .Where(file => File.Exists(file.Path))
                .Select(file => (file.Name, ModelHash.Of(file.Path))),
        ];

    /// <summary>The models in the folder: name, and SHA-256.</summary>
    public IReadOnlyList<(string Name, string Hash)> Models { get; }

    /// <summary>What is not shown, and why; a sentence each.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Whether a result is shown; what is not is noted.</summary>
    /// <param name="what">The result.</param>
    /// <param name="models">Of which models it says to be; none: it does not say.</param>
    public bool Shows(string what, IReadOnlyList<string> models)
    {
        bool shows =
            Models.Count == 0 || models.Count == 0 || models.Intersect(Models.Select(model => model.Hash)).Any();
        if (!shows)
        {
            _leftOut.Add(
                $"{what}: of another model ({string.Join(", ", models.Select(ModelHash.Short))}) than there is now ("
                    + $"{string.Join(", ", Models.Select(model => $"{model.Name} {ModelHash.Short(model.Hash)}"))})."
            );
        }

        return shows;
    }

    /// <summary>Overlays that can be shown; pictures carry no name of a model, so that the folder's list of own files tells.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="files">All that are there.</param>
    public string[] Overlays(string folder, string[] files)
    {
        if (Models.Count == 0)
        {
            return files;
        }

        using var own = OwnFolder.Join(folder);
        var hashes = Models.Select(model => model.Hash).ToHashSet();
        string[] shown =
        [
            .. files.Where(file =>
                own.Find($"{Evaluation.Overlays}/{Path.GetFileName(file)}")?.Model is { } model
                && hashes.Contains(model)
            ),
        ];
        if (shown.Length < files.Length)
        {
            _leftOut.Add(
                $"{files.Length - shown.Length} of {files.Length} pictures in {Evaluation.Overlays}: not known to be painted by "
                    + $"{string.Join(" or ", Models.Select(model => $"{model.Name} {ModelHash.Short(model.Hash)}"))}."
            );
        }

        return shown;
    }
}
