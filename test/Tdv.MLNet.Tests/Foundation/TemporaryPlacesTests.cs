using Tdv.MLNet.Foundation;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public sealed class TemporaryPlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_missing_is_named_and_the_next_is_used()
    {
        string? warning = null;
        string used = TemporaryPlaces.First(
            "Frames",
            folder =>
            {
                TemporaryPlaces.OpenPrivate(folder).Dispose();
                return folder;
            },
            [_folder["missing"], _folder.FullName],
            text => warning = text
        );
        Assert.Equal(_folder.FullName, used);
        Assert.StartsWith(
            $"Frames are kept in '{_folder.FullName}', since elsewhere they cannot be. Set TMPDIR (Windows: TEMP) to a folder that "
                + $"can be written to and has room.{Environment.NewLine}- '{_folder["missing"]}': ",
            warning,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Where_none_can_be_used_each_is_named()
    {
        var error = Assert.Throws<IOException>(() =>
            TemporaryPlaces.First("Frames", TemporaryPlaces.OpenPrivate, [_folder["one"], _folder["two"]])
        );
        Assert.StartsWith("Frames cannot be kept anywhere. Set TMPDIR (Windows: TEMP)", error.Message);
        Assert.Contains($"- '{_folder["one"]}': ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"- '{_folder["two"]}': ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_file_has_no_name_and_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows unlinks no open file.");
            return;
        }

        using var file = TemporaryPlaces.OpenPrivate(_folder.FullName);
        file.Write([1, 2, 3]);
        Assert.Equal(3, file.Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.SafeFileHandle));
    }

    [Fact]
    public void A_cache_that_stays_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix's.");
            return;
        }

        File.WriteAllBytes(_folder["pairs.cache"], []);
        File.SetUnixFileMode(_folder["pairs.cache"], (UnixFileMode)0x1A4);
        using var cache = new PairCache(4, _folder["pairs.cache"]);
        Assert.True(cache.TryAdd([1, 2, 3, 4]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["pairs.cache"]));
    }

    [Fact]
    public void Without_any_place_for_frames_there_is_no_cache_and_a_warning()
    {
        var warnings = new List<string>();
        using var cache = new PairCache(4, warn: warnings.Add, folders: [_folder["missing"]]);
        Assert.False(cache.TryAdd([1, 2, 3, 4]));
        Assert.Equal(0, cache.Count);
        Assert.Contains(_folder["missing"], Assert.Single(warnings), StringComparison.Ordinal);
        Assert.EndsWith("Until then, each pass decodes its frames again.", warnings[0]);
    }

    [Fact]
    public void A_library_that_loads_in_no_way_says_so_of_each()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere no library is changed.");
        var error = Assert.Throws<DllNotFoundException>(() =>
            NativeCopy.Load(
                [1, 2, 3],
                "libno.so",
                [
                    ("a missing folder", (image, name) => NativeCopy.FromFolder(_folder["missing"], image, name)),
                    ("a folder", (image, name) => NativeCopy.FromFolder(_folder.FullName, image, name)),
                ]
            )
        );
        Assert.StartsWith(
            "A changed copy of libno.so cannot be loaded from a missing folder: there is no such folder.; a folder: ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }
}
