using System.Text;
using Tdv.MLNet.Foundation;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public sealed class OwnFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _temporary.Dispose();

    private string Place => _temporary["out"];

    [Fact]
    public void An_own_file_is_replaced_and_nobody_elses_is()
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(At("theirs.txt"), "theirs");
        using var folder = Open();

        Write(folder, "a/ours.txt", "first");
        Write(folder, "a/ours.txt", "second");
        var exception = Assert.Throws<IOException>(() => Write(folder, "theirs.txt", "ours"));

        Assert.Equal("second", File.ReadAllText(At("a/ours.txt")));
        Assert.Equal("theirs", File.ReadAllText(At("theirs.txt")));
        Assert.Equal(
            $"'{At("theirs.txt")}' is there, and was not written here or was changed since. Move it.",
            exception.Message
        );
        Assert.False(folder.Remove("theirs.txt"));
        Assert.True(folder.Remove("a/ours.txt"));
        Assert.Equal([At("theirs.txt")], Directory.GetFiles(Place));
    }

    [Fact]
    public void What_somebody_changed_is_not_ours_any_more_and_what_was_only_touched_is()
    {
        using (var folder = Open())
        {
            Write(folder, "changed.txt", "ours");
            Write(folder, "touched.txt", "ours");
        }

        File.WriteAllText(At("changed.txt"), "his.");
        File.SetLastWriteTimeUtc(At("touched.txt"), DateTime.UnixEpoch);
        using var again = Open();

        Assert.False(again.IsFree("changed.txt"));
        Assert.True(again.IsFree("touched.txt"));
        Assert.True(again.IsFree("new.txt"));
        Assert.Equal(["touched.txt"], again.Files.Select(file => file.Name));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        using var folder = Open();
        Write(folder, "a.txt", "whole");

        Assert.Throws<IOException>(() =>
            folder.Write(
                "a.txt",
                stream =>
                {
                    stream.Write("half"u8);
                    throw new IOException("No space left on device");
                }
            )
        );

        Assert.Equal("whole", File.ReadAllText(At("a.txt")));
        Assert.NotNull(folder.Find("a.txt"));
        Assert.DoesNotContain(Hidden(), name => name.Contains(".tmp", StringComparison.Ordinal));
    }

    /// <summary>The list has the new file, the name still leads to the old one, and the new one lies about half written.</summary>
    [Fact]
    public void A_kill_between_list_and_name_leaves_a_folder_that_knows_its_own()
    {
        using (var folder = Open())
        {
            Write(folder, "a.txt", "first");
            var exception = Assert.Throws<InvalidOperationException>(() =>
                folder.Write(
                    "a.txt",
                    stream => stream.Write("second"u8),
                    placing: _ => throw new InvalidOperationException()
                )
            );
        }

        File.WriteAllText(At(".tdv/0123.tmp.mp4"), "half");
        using var again = Open();

        Assert.Equal("first", File.ReadAllText(At("a.txt")));
        Assert.NotNull(again.Find("a.txt"));
        Assert.Equal(["files.jsonl", "lock", "lock.helper"], Hidden());
        Write(again, "a.txt", "third");
        Assert.Equal("third", File.ReadAllText(At("a.txt")));
    }

    [Fact]
    public void One_process_at_a_time()
    {
        using (Open())
        {
            var exception = Assert.Throws<FolderInUseException>(Open);
            Assert.StartsWith("another process writes to it now", exception.Message, StringComparison.Ordinal);
        }

        Open().Dispose();
    }

    [Fact]
    public void A_list_whose_last_line_was_cut_short_loses_no_more_than_that()
    {
        using (var folder = Open())
        {
            Write(folder, "a.txt", "ours");
        }

        File.AppendAllText(At(".tdv/files.jsonl"), "{\"name\":\"b.tx");
        // One that holds nothing adds to the list as it is; one that does cleans it first.
        using (var folder = OwnFolder.Join(Place))
        {
            Write(folder, "b.txt", "ours");
        }

        File.AppendAllText(At(".tdv/files.jsonl"), "{\"name\":\"d.tx");
        using (var folder = Open())
        {
            Write(folder, "c.txt", "ours");
        }

        using var again = Open();
        Assert.Equal(["a.txt", "b.txt", "c.txt"], again.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("nothing\n")]
    [InlineData("{\"name\":\"../../other.txt\"}\n")]
    [InlineData("{\"name\":\"/etc/passwd\"}\n")]
    [InlineData("{\"name\":\"a/./../../b\"}\n")]
    [InlineData("{\"name\":null}\n")]
    [InlineData("null\n")]
    public void A_damaged_list_is_kept_and_told_and_no_file_counts_as_ours(string line)
    {
        using (var folder = Open())
        {
            Write(folder, "a.txt", "ours");
        }

        string list = File.ReadAllText(At(".tdv/files.jsonl")) + line;
        File.WriteAllText(At(".tdv/files.jsonl"), list);
        using var again = Open();

        Assert.False(again.IsFree("a.txt"));
        Assert.Equal(list, File.ReadAllText(At(".tdv/files.jsonl.damaged")));
        Assert.StartsWith(
            $"The list of own files in '{Place}' is damaged, and kept as '",
            Assert.Single(_warnings),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_claim_ends_with_its_file()
    {
        using (var folder = Open())
        {
            folder.Claim("cache");
            File.WriteAllText(At("cache"), "whatever");
            Assert.True(folder.IsFree("cache"));
            Assert.True(folder.Remove("cache"));
            File.WriteAllText(At("cache"), "another's");
            Assert.False(folder.IsFree("cache"));
            folder.Claim("lost");
        }

        using (Open()) { }

        File.WriteAllText(At("lost"), "another's");
        using var again = Open();
        Assert.False(again.IsFree("lost"));
    }

    [Fact]
    public void A_folder_that_vanished_is_not_made_anew()
    {
        using var folder = Open();
        Directory.Delete(Place, recursive: true);

        var exception = Assert.Throws<IOException>(() => Write(folder, "a.txt", "ours"));

        Assert.Equal($"The folder '{Place}' was removed or renamed while it was written to.", exception.Message);
        Assert.False(Directory.Exists(Place));
    }

    [Fact]
    public void The_list_does_not_grow_with_the_times_that_a_file_is_written()
    {
        for (int i = 0; i < 5; i++)
        {
            using var folder = Open();
            Write(folder, "a.txt", $"number {i}");
            folder.Claim("b");
            File.WriteAllText(At("b"), "whatever");
        }

        using var again = Open();

        Assert.Equal(2, File.ReadAllLines(At(".tdv/files.jsonl")).Length);
        Assert.Equal(["a.txt", "b"], again.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Killed itself, it leaves a helper that may write for a moment.</summary>
    [Fact]
    public void A_helper_that_outlives_its_process_keeps_others_out()
    {
        var folder = Open();
        var helper = OwnFolder.Help(Place);
        folder.Dispose();

        Assert.Throws<FolderInUseException>(Open);
        helper.Dispose();
        Open().Dispose();
    }

    [Fact]
    public void What_a_helper_writes_is_known_to_who_holds_the_folder()
    {
        using var folder = Open();
        using (var helper = OwnFolder.Help(Place))
        {
            Write(helper, "a.txt", "ours");
        }

        folder.Refresh();

        Assert.True(folder.Remove("a.txt"));
    }

    private OwnFolder Open() => OwnFolder.Open(Place, _warnings.Add);

    private string At(string name) => Path.Combine(Place, name);

    private string[] Hidden() =>
        [.. Directory.GetFiles(At(".tdv")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static void Write(OwnFolder folder, string name, string text) =>
        folder.Write(name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
