using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Masks;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Lists of labeled pictures and the classes of their masks, all that they name looked at before any work.</summary>
internal sealed class LabeledInputs
{
    private LabeledInputs(IReadOnlyList<LabeledList> lists, IReadOnlyList<MaskClass> classes)
    {
        Lists = lists;
        Classes = classes;
    }

    public IReadOnlyList<LabeledList> Lists { get; }

    public IReadOnlyList<MaskClass> Classes { get; }

    /// <summary>
    /// Reads lists and classes, the header of every picture and every mask whole: a mask must have its picture's height and
    /// width, and hold classes alone.
    /// </summary>
    /// <exception cref="UserException">Something is missing or wrong: all of it is told, by file and line.</exception>
    public static LabeledInputs Read(string classes, params string[] lists)
    {
        var faults = new List<string>();
        LabeledList?[] read = [.. lists.Select(list => Try(() => LabeledList.Read(list), faults))];
        var known = Try(() => MaskClass.ReadFile(classes), faults);
        foreach (var list in read.OfType<LabeledList>())
        {
            faults.AddRange(Faults(list, known is null ? null : new MaskDecoder(known)));
        }

        ListFaults.ThrowIfAny(faults);
        return new([.. read.Select(list => list!)], known!);
    }

    /// <summary>The pictures of one list that another names, too, under whatever name a link gives them.</summary>
    public static IReadOnlyList<string> Shared(LabeledList train, LabeledList test)
    {
        var names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var trained = train.Images.Select(image => RealPath.Of(image.Path)).ToHashSet(names);
        return [.. test.Images.Select(image => image.Path).Where(path => trained.Contains(RealPath.Of(path)))];
    }

    /// <summary>Points out pictures that are both trained and tested on.</summary>
    /// <returns>How many there are.</returns>
    public static int WarnOfShared(LabeledList train, LabeledList test)
    {
        var shared = Shared(train, test);
        if (shared.Count > 0)
        {
            Terminal.Warning(
                $"{shared.Count} of the {test.Images.Count} pictures in '{test.Path}' are in '{train.Path}' too, such as "
                    + $"'{shared[0]}': what is measured on them says nothing of new pictures."
            );
        }

        return shared.Count;
    }

    private static T? Try<T>(Func<T> read, List<string> faults)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is UserException or FormatException or IOException or UnauthorizedAccessException)
        {
            faults.Add(exception.Message);
            return null;
        }
    }

    private static IEnumerable<string> Faults(LabeledList list, MaskDecoder? decoder)
    {
        var faults = new List<string>[list.Images.Count];
        Parallel.For(
            0,
            faults.Length,
            i =>
            {
                var image = list.Images[i];
                string place = FormattableString.Invariant($"{list.Path}:{list.Lines[i]}: ");
                var found = new List<string>();
                var size = Look(() => Size(image.Path));
                if (image.PreviousPath != image.Path)
                {
                    Look(() => Size(image.PreviousPath));
                }

                if (decoder is not null)
                {
                    Look(() => decoder.Decode(image.MaskPath, size, image.Path));
                }

                faults[i] = found;

                T? Look<T>(Func<T> read)
                    where T : struct
                {
                    try
                    {
                        return read();
                    }
                    catch (Exception exception)
                        when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
                    {
                        found.Add($"{place}{exception.Message}");
                        return null;
                    }
                }
            }
        );
        return faults.SelectMany(found => found);
    }

    private static (int Height, int Width) Size(string path)
    {
        using var picture = PictureFile.Open(path);
        return (picture.Height, picture.Width);
    }
}
