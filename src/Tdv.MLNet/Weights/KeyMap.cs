using System.Text.RegularExpressions;
using Tdv.MLNet.Model;
using TensorTable = System.Collections.Generic.Dictionary<string, (string Name, long[] Shape)>;

namespace Tdv.MLNet.Weights;

/// <summary>
/// Maps the tensors of official TDV checkpoints, DINOv2 weights and our own files to our network, whose parameters
/// bear the official names. Looks at names and shapes only.
/// </summary>
internal static partial class KeyMap
{
    private const string Frame = "frame_encoder.";
    private const string Motion = "motion_encoder.";
    private const string Projection = "linear_fc.";
    private const string Head = "dino_head.";
    private const string PatchHead = "ibot_head.";
    private const string Teacher = "teacher_";
    private const int MaxListed = 50;

    /// <summary>What the official code calls a layer of the motion encoder in networks with rotary positions alone.</summary>
    private const string RotaryLayer = ".cross_attn.q_proj.";

    // Put in front of all names by Lightning, by distributed training, and by DINOv2's own training.
    private static readonly string[] Prefixes = ["", "model.", "module.", "model.module.", "backbone."];

    // Of vision transformers: for masking while training, and for classifying ImageNet.
    private static readonly string[] Unused =
    [
        Frame + "mask_token",
        Frame + "head.",
        Teacher + Frame + "mask_token",
        Teacher + Frame + "head.",
    ];

    private static readonly string[] Heads = [Head, PatchHead, Teacher + Head, Teacher + PatchHead];

    private static readonly string[] Groups = [Frame, Motion, Projection, Teacher + Frame, .. Heads];

    /// <summary>Maps a file's tensors.</summary>
    /// <param name="shapes">The shape of each tensor in the file.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="teacher">Whether the frame encoder is to be the teacher's instead of the student's.</param>
    /// <param name="described">What the file says of its network; null: nothing.</param>
    /// <exception cref="InvalidDataException">The tensors do not make a network; every fault is named.</exception>
    public static WeightsMap Create(
        IEnumerable<KeyValuePair<string, long[]>> shapes,
        string source,
        bool teacher = false,
        NetworkOptions? described = null
    )
    {
        var found = shapes.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var (isTdv, prefix) = Detect(found, source);
        var tensors = OfficialNames(found, isTdv, prefix, source);
        if (tensors.Keys.Any(name => name.Contains(RotaryLayer, StringComparison.Ordinal)))
        {
            throw Rotary(source);
        }

        if (teacher)
        {
            UseTeacher(tensors, source);
        }

        var faults = new List<string>();
        var byOfficialName = tensors.ToDictionary(entry => entry.Key, entry => entry.Value.Shape);
        var options = Architecture.Infer(byOfficialName, described, faults);
        if (options is not null)
        {
            Compare(options, tensors, faults);
        }

        if (faults.Count > 0)
        {
            var more = faults.Count > MaxListed ? $"; and {faults.Count - MaxListed} more" : "";
            throw new InvalidDataException(
                $"'{source}' does not make a network, {faults.Count} of its tensors do not fit: "
                    + $"{string.Join("; ", faults.Take(MaxListed))}{more}."
            );
        }

        var names = tensors
            .Where(entry => IsUsed(entry.Key))
            .ToDictionary(entry => entry.Key, entry => entry.Value.Name);
        return new WeightsMap(isTdv, options!, names, [.. found.Keys.Except(names.Values)]);
    }

    /// <summary>The refusal of a network that only the official code computes.</summary>
    public static InvalidDataException Rotary(string source) =>
        new(
            $"'{source}' is a network with rotary positions, an ablation of the official code; TDV's recipes have learned "
                + "positions, and these alone are computed here: load a checkpoint that was trained without --use_rope."
        );

    private static (bool IsTdv, string Prefix) Detect(Dictionary<string, long[]> found, string source)
    {
        foreach (var prefix in Prefixes)
        {
            if (
                found.ContainsKey(prefix + Frame + "cls_token")
                || found.ContainsKey(prefix + Teacher + Frame + "cls_token")
            )
            {
                return (true, prefix);
            }

            if (found.ContainsKey(prefix + "cls_token"))
            {
                return (false, prefix);
            }
        }

        var some = string.Join(", ", found.Keys.Take(5).Select(name => $"'{name}'"));
        throw new InvalidDataException(
            $"'{source}': expected a TDV network (with a tensor '{Frame}cls_token') or a vision transformer as of DINOv2 "
                + $"(with 'cls_token'), found {found.Count} tensors such as {(some.Length > 0 ? some : "none")}."
        );
    }

    /// <summary>The file's name and the shape of each tensor under its official TDV name.</summary>
    private static TensorTable OfficialNames(Dictionary<string, long[]> found, bool isTdv, string prefix, string source)
    {
        var tensors = new TensorTable(StringComparer.Ordinal);
        foreach (var (name, shape) in found)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var bare = name[prefix.Length..];
            // DINOv2's published weights have no chunks of blocks, its training has several; the last number counts.
            var official = BlockNumbers().Replace(isTdv ? bare : Frame + bare, "$1blocks.0.$2.");
            if (!tensors.TryAdd(official, (name, shape)))
            {
                throw new InvalidDataException(
                    $"'{source}': tensors '{tensors[official].Name}' and '{name}' are the same."
                );
            }
        }

        return tensors;
    }

    private static void UseTeacher(TensorTable tensors, string source)
    {
        var names = tensors.Keys.Where(name => name.StartsWith(Teacher + Frame, StringComparison.Ordinal)).ToList();
        if (names.Count == 0)
        {
            throw new InvalidDataException(
                $"'{source}' has no teacher ('{Teacher}{Frame}…'). Load the student instead."
            );
        }

        foreach (var student in tensors.Keys.Where(name => name.StartsWith(Frame, StringComparison.Ordinal)).ToList())
        {
            tensors.Remove(student);
        }

        foreach (var name in names)
        {
            tensors[name[Teacher.Length..]] = tensors[name];
        }
    }

    private static void Compare(NetworkOptions options, TensorTable tensors, List<string> faults)
    {
        var expected = Expected(options, tensors).ToDictionary(entry => entry.Name, entry => entry.Shape);
        foreach (var (name, shape) in expected)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                faults.Add($"'{name}': expected {Format(shape)}, is missing");
            }
            else if (!shape.AsSpan().SequenceEqual(tensor.Shape))
            {
                faults.Add($"'{tensor.Name}': expected {Format(shape)}, found {Format(tensor.Shape)}");
            }
        }

        var unexpected = tensors.Where(entry =>
            InGroup(entry.Key) && IsUsed(entry.Key) && !expected.ContainsKey(entry.Key)
        );
        faults.AddRange(unexpected.Select(entry => $"'{entry.Value.Name}': unexpected, {Format(entry.Value.Shape)}"));
    }

    /// <summary>The frame encoder, and whatever else the file has at least one tensor of.</summary>
    private static IEnumerable<(string Name, long[] Shape)> Expected(NetworkOptions options, TensorTable tensors)
    {
        return
        [
            .. NetworkShapes.FrameEncoder(Frame, options),
            .. Has(Motion) || Has(Projection) ? NetworkShapes.MotionEncoder(options) : [],
            .. Has(Teacher + Frame) ? NetworkShapes.FrameEncoder(Teacher + Frame, options) : [],
            .. Heads.Where(Has).SelectMany(head => NetworkShapes.Head(head, options)),
            .. NetworkShapes.Centers(options).Where(center => tensors.ContainsKey(center.Name)),
        ];

        bool Has(string group) => tensors.Keys.Any(name => name.StartsWith(group, StringComparison.Ordinal));
    }

    private static bool InGroup(string name) => Groups.Any(group => name.StartsWith(group, StringComparison.Ordinal));

    private static bool IsUsed(string name) => !Unused.Any(unused => name.StartsWith(unused, StringComparison.Ordinal));

    private static string Format(long[] shape) => $"[{string.Join(", ", shape)}]";

    [GeneratedRegex(@"^((?:teacher_)?frame_encoder\.)blocks\.(?:[0-9]+\.)?([0-9]+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumbers();
}
