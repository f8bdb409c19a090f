using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Video;

namespace Tdv.Tool.Pipeline;

/// <summary>Pictures to be painted, those that can be read, each with its predecessor: the one before it of its series.</summary>
internal sealed class PictureSeries(IReadOnlyList<string> files)
{
    private readonly List<int> _taken = [];
    private readonly List<string> _faults = [];

    /// <summary>Of the pictures that rows were made of, the places among the files.</summary>
    public IReadOnlyList<int> Taken => _taken;

    /// <summary>Why the others were not.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>
    /// A row for each picture that is whole; each is decoded here to be sure, and again by whoever reads the row: one that
    /// fails in a batch would take the others with it.
    /// </summary>
    public IEnumerable<PictureRow> Rows()
    {
        _taken.Clear();
        _faults.Clear();
        var before = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < files.Count; i++)
        {
            string file = files[i];
            if (Fault(file) is { } fault)
            {
                _faults.Add(fault);
                continue;
            }

            _taken.Add(i);
            string series = FrameSeries.Of(file);
            yield return new PictureRow { Path = file, PreviousPath = before.GetValueOrDefault(series, file) };
            before[series] = file;
        }
    }

    private static string? Fault(string file)
    {
        try
        {
            // Whether a picture is whole shows at any scale, and the smallest takes the least time.
            using var picture = PictureFile.Open(file);
            picture.Decode((1, 1)).Dispose();
            return null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return exception.Message;
        }
    }
}
