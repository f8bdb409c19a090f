using Tdv.MLNet;
using Tdv.MLNet.Weights;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Tells what is in a file of weights, without reading a tensor.</summary>
internal sealed class WeightsInspection(string path, TdvLoadOptions options)
{
    private static readonly (string Name, string[] Prefixes)[] Parts =
    [
        ("frame encoder", ["frame_encoder."]),
        ("motion encoder", ["motion_encoder.", "linear_fc."]),
        ("heads", ["dino_head.", "ibot_head."]),
        ("teacher", ["teacher_"]),
    ];

    /// <exception cref="InvalidDataException">The tensors do not make a network; they have been listed before.</exception>
    public void Run()
    {
        using var file = WeightsFile.Open(path);
        Terminal.Heading($"{path}: {(file is SafetensorsFile ? "safetensors" : "PyTorch checkpoint")}");
        var rows = file.Tensors.Values.Select(tensor =>
            new[] { tensor.Name, ElementTypes.Name(tensor.Type), $"[{string.Join(", ", tensor.Shape)}]" }
        );
        TextTable.Show(["tensor", "type", "shape"], [.. rows], numbers: false);
        Terminal.Line($"{file.Tensors.Count} tensors, {file.Tensors.Values.Sum(Count)} numbers");

        var map = WeightsReader.Map(file, options);
        Terminal.Heading(map.IsTdv ? "A TDV network" : "A vision transformer, as of DINOv2");
        foreach (string line in Describe(map))
        {
            Terminal.Line(line);
        }

        foreach (var (name, prefixes) in Parts)
        {
            long count = map
                .Names.Where(tensor => prefixes.Any(prefix => tensor.Key.StartsWith(prefix, StringComparison.Ordinal)))
                .Sum(tensor => Count(file[tensor.Value]));
            if (count > 0)
            {
                Terminal.Line($"{name}: {count} parameters");
            }
        }

        if (map.Ignored.Count > 0)
        {
            Terminal.Line($"not used: {string.Join(", ", map.Ignored)}");
        }
    }

    private static IEnumerable<string> Describe(WeightsMap map)
    {
        var network = map.Options;
        string extras =
            (network.LayerScale ? ", LayerScale" : "")
            + (network.Registers > 0 ? $", {network.Registers} registers" : "");
        yield return $"frame encoder: {network.Dimension} wide, {network.Heads} heads, {network.Depth} blocks, "
            + $"patches of {network.PatchSize} pixels, positions for {Square(network.ImageSize)} pixels{extras}";
        if (map.HasMotionEncoder)
        {
            yield return $"motion encoder: {network.MotionDepth} blocks, positions for {Square(network.TrainingSize)} "
                + $"pixels, {(network.AttendCls ? "attends to CLS" : "does not attend to CLS")}";
        }

        if (map.HasTeacher)
        {
            yield return $"teacher and heads with {network.Prototypes} prototypes: training can go on";
        }
    }

    private static string Square(int size) => $"{size}×{size}";

    private static long Count(StoredTensor tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);
}
