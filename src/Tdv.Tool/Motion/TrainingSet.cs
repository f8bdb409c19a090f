using System.Globalization;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Frames and masks as pictures, and the list and classes that <c>segment</c> takes.</summary>
internal sealed class TrainingSet
{
    private const string ListName = "list.txt";
    private const string ClassesName = "classes.txt";
    private const string FrameFolder = "frames";
    private const string MaskFolder = "masks";
    private readonly OutputFolder _folder;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly MaskLegend _legend;
    private readonly MaskClass _ignored;
    private readonly List<string> _lines = [];

    /// <summary>Earlier frames, of which the first is the nearest to an interval before the last one.</summary>
    private readonly Queue<(double Time, string Path)> _earlier = new();
    private bool _needsIgnored;

    /// <summary>Removes an earlier set from the folder: none of its frames is to lie among these.</summary>
    public TrainingSet(OutputFolder folder, IReadOnlyList<MaskClass> classes)
    {
        (_folder, _classes, _legend) = (folder, classes, MaskLegend.Of(classes));
        int free = Enumerable.Range(0, 256).LastOrDefault(id => classes.All(known => known.Id != id));
        _ignored = classes.FirstOrDefault(known => known.Ignore) ?? new(free, "unlabeled", 0, 0, 0, Ignore: true);
        folder.Require([ListName, ClassesName]);
        folder.Remove(file => file.Name is ListName or ClassesName);
        folder.Remove(file =>
            file.Name.StartsWith($"{FrameFolder}/", StringComparison.Ordinal)
            || file.Name.StartsWith($"{MaskFolder}/", StringComparison.Ordinal)
        );
    }

    public string ListPath => _folder[ListName];

    public string ClassesPath => _folder[ClassesName];

    public int Count => _lines.Count;

    /// <param name="frame">Its number in the video.</param>
    /// <param name="time">In seconds.</param>
    /// <param name="image">The frame.</param>
    /// <param name="keys">Its mask.</param>
    public void Add(int frame, double time, MLImage image, ReadOnlySpan<uint> keys)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{frame:000000}.png");
        string framePath = $"{FrameFolder}/{name}";
        string maskPath = $"{MaskFolder}/{name}";
        using var picture = Pictures.ToMat(image);
        using var mask = Pictures.ToIds(keys, image.Height, image.Width, _legend, (byte)_ignored.Id);
        _folder.Write(framePath, picture);
        _folder.Write(maskPath, mask);
        _needsIgnored |= keys.Contains(0u);
        _lines.Add($"{framePath} {maskPath} {Predecessor(time) ?? framePath}");
        _earlier.Enqueue((time, framePath));
    }

    /// <summary>Writes the list and the classes.</summary>
    public void Complete()
    {
        bool adds = _needsIgnored && !_classes.Contains(_ignored);
        var classes = adds ? _classes.Append(_ignored) : _classes;
        Write(ClassesName, classes.Select(one => one.ToLine()));
        Write(ListName, _lines);
    }

    /// <summary>The frame nearest to the usual interval earlier, as <c>LoadFromVideos</c> has it; null for the first.</summary>
    private string? Predecessor(double time)
    {
        double wanted = time - Defaults.FrameInterval;
        while (
            _earlier.Count > 1
            && Math.Abs(_earlier.ElementAt(1).Time - wanted) < Math.Abs(_earlier.Peek().Time - wanted)
        )
        {
            _earlier.Dequeue();
        }

        return _earlier.TryPeek(out var nearest) ? nearest.Path : null;
    }

    private void Write(string name, IEnumerable<string> lines) =>
        _folder.Write(
            name,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                foreach (string line in lines)
                {
                    writer.Write($"{line}\n");
                }
            }
        );
}
