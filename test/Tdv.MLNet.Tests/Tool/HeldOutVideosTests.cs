using Tdv.Tool;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class HeldOutVideosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10, 2, 7)]
    [InlineData(19, 4, 14)]
    [InlineData(40, 5, 15, 25, 35)]
    [InlineData(800, 50, 150, 250, 350, 450, 550, 650, 750)]
    public void A_few_of_many_teach_nothing(int count, params int[] expected)
    {
        Make(count);

        var videos = HeldOutVideos.Of(_folder.FullName, unseen: null);

        Assert.Equal(expected.Select(Name), videos.Unseen.Select(Path.GetFileName));
        Assert.Equal(Enumerable.Range(0, count).Except(expected).Select(Name), videos.Learned.Select(Path.GetFileName));
    }

    [Fact]
    public void What_the_user_names_teaches_nothing_however_it_is_named()
    {
        Make(12);
        string some = Path.Combine(_folder.FullName, ".", "v00?.mp4");

        var videos = HeldOutVideos.Of(_folder.FullName, some);

        Assert.Equal([Name(10), Name(11)], videos.Learned.Select(Path.GetFileName));
        Assert.Equal(10, videos.Unseen.Count);
        Assert.Equal(12, HeldOutVideos.Of(_folder.FullName, HeldOutVideos.None).Learned.Count);
    }

    [Fact]
    public void Something_is_to_be_left_to_learn_from()
    {
        Make(2);

        Assert.Equal(
            "Every video of --videos is among those of --unseen: name some more to learn from, or others.",
            Assert.Throws<UserException>(() => HeldOutVideos.Of(_folder.FullName, _folder.FullName)).Message
        );
    }

    [Fact]
    public void What_is_missing_is_named_of_both()
    {
        var error = Assert.Throws<UserException>(() => HeldOutVideos.Of(_folder["a.mp4"], _folder["b.mp4"]));

        Assert.Contains("a.mp4' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("b.mp4' does not exist", error.Message, StringComparison.Ordinal);
    }

    private static string Name(int number) => $"v{number:D3}.mp4";

    private void Make(int count)
    {
        for (int i = 0; i < count; i++)
        {
            File.WriteAllText(_folder[Name(i)], "");
        }
    }
}
