using Tdv.MLNet;
using Tdv.MLNet.Masks;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>The masks that a user gives, all of them looked at before any work.</summary>
/// <param name="Masks">By row, counted in the frames that are taken.</param>
/// <param name="Classes">The user's, or one for each id.</param>
internal sealed record GivenMasks(IReadOnlyList<FrameMask> Masks, IReadOnlyList<MaskClass> Classes)
{
    /// <param name="settings">Names the files.</param>
    /// <param name="height">Of the frames.</param>
    /// <param name="width">Of the frames.</param>
    /// <exception cref="UserException">Something is wrong: all is told.</exception>
    public static GivenMasks Read(PropagateSettings settings, int height, int width)
    {
        int[] frames = [.. settings.MasksAt];
        if (frames.Length == 0 && settings.Masks.Count == 1)
        {
            frames = [0];
        }

        if (frames.Length != settings.Masks.Count)
        {
            throw new UserException(
                $"--mask names {settings.Masks.Count} file(s), --mask-at {frames.Length} frame(s); give a frame, from 0, for "
                    + "each mask."
            );
        }

        var faults = new List<string>();
        foreach (int frame in frames.Where(frame => frame < 0 || frame % settings.Every != 0))
        {
            faults.Add(
                $"--mask-at {frame}: frames that are taken are 0, {settings.Every}, {2 * settings.Every} and so on."
            );
        }

        faults.AddRange(
            frames
                .GroupBy(frame => frame)
                .Where(same => same.Count() > 1)
                .Select(same => $"--mask-at {same.Key} is given {same.Count()} times.")
        );
        var ids = new SortedSet<byte>();
        foreach (string file in settings.Masks)
        {
            Look(file, height, width, ids, faults);
        }

        var classes = settings.Classes is { } path ? MaskClass.ReadFile(path) : [.. MaskColors.Classes(ids)];
        byte[] unknown = [.. ids.Where(id => classes.All(known => known.Id != id))];
        if (unknown.Length > 0)
        {
            faults.Add(
                $"the masks hold the ids {string.Join(", ", unknown)}, which '{settings.Classes}' does not name. Known are "
                    + $"{string.Join(", ", classes.Select(known => known.Id))}."
            );
        }

        return faults.Count == 0
            ? new(
                [.. settings.Masks.Zip(frames, (file, frame) => new FrameMask(file, frame / settings.Every))],
                classes
            )
            : throw new UserException($"The masks cannot be carried:\n- {string.Join("\n- ", faults)}");
    }

    private static void Look(string file, int height, int width, SortedSet<byte> ids, List<string> faults)
    {
        try
        {
            var (pixels, maskHeight, maskWidth) = MaskFile.ReadIndices(file);
            if ((maskHeight, maskWidth) != (height, width))
            {
                faults.Add(
                    $"the mask '{file}' is {maskWidth}×{maskHeight} pixels, the video's frames are {width}×{height}. A mask "
                        + "must have its frame's size."
                );
            }

            ids.UnionWith(pixels);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            faults.Add(exception.Message);
        }
    }
}
