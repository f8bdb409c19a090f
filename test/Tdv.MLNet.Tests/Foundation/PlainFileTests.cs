using Tdv.MLNet.Foundation;
using Tdv.MLNet.Tests.Tool;
using Tdv.MLNet.Weights;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

/// <summary>Whatever is named as a file and is none is refused at once, by its name.</summary>
public sealed class PlainFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Action<string>> Readers =>
        new()
        {
            { "The list", path => LabeledList.Read(path) },
            { "The class file", path => MaskClass.ReadFile(path) },
            { "The file of tracks", path => TrackPoint.ReadFile(path) },
            { "The export", path => ImportFolder.Format("coco").Read(path, []) },
            { "The export", path => ImportFolder.Format("labelme").Read(path, []) },
            { "The export", path => ImportFolder.Format("labelstudio").Read(path, []) },
            { "The export", path => ImportFolder.Format("cvat").Read(path, []) },
            { "", path => WeightsFile.Open(path).Dispose() },
            { "", path => TdvModel.Load(path).Dispose() },
            { "The model", path => ModelFile.Load(new(1), path) },
            { "The flow", path => FlowField.Load(path) },
            { "The disparity", path => DisparityMap.Load(path) },
        };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_pipe_a_device_a_folder_and_nothing_are_refused_by_name(string what, Action<string> read)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Of endings that readers go by.
        string ending = what switch
        {
            "The flow" => ".flo",
            "The disparity" => ".pfm",
            _ => "",
        };
        string pipe = NamedPipe.Make(_folder[$"pipe{ending}"]);
        string folder = Directory.CreateDirectory(_folder[$"folder{ending}"]).FullName;
        string link = _folder[$"device{ending}"];
        File.CreateSymbolicLink(link, "/dev/zero");
        string empty = _folder[$"empty{ending}"];
        File.WriteAllBytes(empty, []);

        Refused(pipe, "is empty, or no plain file.");
        Refused(link, "is empty, or no plain file.");
        Refused(empty, "is empty, or no plain file.");
        Refused(_folder[$"none{ending}"], "does not exist.");
        // labelme's export may be a folder.
        if (read.Method != Readers.ElementAt(4).Data.Item2.Method)
        {
            Refused(folder, "is a folder.");
        }

        void Refused(string path, string reason) =>
            Assert.StartsWith(
                $"{what} '{path}' {reason}".TrimStart(),
                Assert.ThrowsAny<Exception>(() => read(path)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void What_is_longer_than_is_read_is_told_with_both_lengths()
    {
        string path = _folder.Write("long", "12345678");

        Assert.Equal(
            FormattableString.Invariant($"has {new FileInfo(path).Length} bytes; at most 4 are read"),
            PlainFile.Fault(path, 4)
        );
        Assert.Null(PlainFile.Fault(path));
    }
}
