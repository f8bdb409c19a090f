using System.Text.Json;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>
/// A training in one file: student, teacher, heads and centers by their official names, the optimizer's moments of each
/// trained parameter, and where schedule and data stand; with a validation the best weights so far, too.
/// </summary>
internal static class Checkpoint
{
    private const string InfoKey = "tdv.checkpoint";
    private const string FirstMoment = "optimizer.first_moment.";
    private const string SecondMoment = "optimizer.second_moment.";

    public static void Write(
        Stream file,
        TrainingState state,
        TdvTrainer trainer,
        CheckpointInfo info,
        Validation? validation
    )
    {
        using var scope = NewDisposeScope();
        SealedSafetensors.Write(
            file,
            // Of a step in progress, what there was before it.
            NamedTensors(state, trainer.Optimizer)
                .Select(entry => (entry.Name, trainer.Kept(entry.Tensor)))
                .Concat(validation?.Best ?? []),
            new Dictionary<string, string> { [InfoKey] = JsonSerializer.Serialize(info) }
        );
    }

    /// <exception cref="InvalidDataException">The file tells of no training, or of an impossible one.</exception>
    public static CheckpointInfo Describe(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(InfoKey, out string? json))
        {
            throw new InvalidDataException($"'{file.Path}' holds weights, but is no checkpoint of a training.");
        }

        try
        {
            return JsonSerializer.Deserialize<CheckpointInfo>(json) is { IsPossible: true } info
                ? info
                : throw new JsonException("Something is null, or a number is out of range.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"'{file.Path}' describes its training ('{InfoKey}') in a way that this version cannot read.",
                exception
            );
        }
    }

    /// <summary>Puts everything back as it was.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing or has another shape.</exception>
    public static void Restore(SafetensorsFile file, TrainingState state, TdvTrainer trainer, Validation? validation)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in NamedTensors(state, trainer.Optimizer))
        {
            file.CopyTo(name, tensor);
        }

        var info = Describe(file);
        trainer.Optimizer.Steps = info.Step;
        validation?.Restore(info.Validation, file.CopyTo);
    }

    private static IEnumerable<(string Name, Tensor Tensor)> NamedTensors(TrainingState state, AdamW optimizer)
    {
        (string Name, Tensor Tensor)[] tensors = [.. state.NamedTensors()];
        var trained = tensors.Where(entry => entry.Tensor.requires_grad).ToList();
        return tensors
            .Concat(trained.Select(entry => (FirstMoment + entry.Name, Of(entry.Tensor, optimizer.FirstMoment))))
            .Concat(trained.Select(entry => (SecondMoment + entry.Name, Of(entry.Tensor, optimizer.SecondMoment))));
    }

    /// <summary>A parameter's share of the moments, which are laid out as the flat parameters it is a view of.</summary>
    private static Tensor Of(Tensor parameter, Tensor moments) =>
        moments.narrow(0, parameter.storage_offset(), parameter.numel()).view(parameter.shape);
}
