using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Reporting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Results and the models that they are of, in one folder over several runs.</summary>
public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The moment before a new model gets its name is the last one of the old results: a kill there or later mixes nothing.</summary>
    [Fact]
    public void A_new_model_leaves_no_result_of_the_one_before()
    {
        using (var first = OutputFolder.Open(_folder.FullName))
        {
            string model = Model(first, "first");
            Results(first, model);
            Write(first, "tables/probe.json", "of other weights", "AB12");
        }

        File.WriteAllText(_folder["notes.txt"], "mine");
        using (var second = OutputFolder.Open(_folder.FullName))
        {
            Model(second, "second");
        }

        Assert.Equal(["model.zip", "notes.txt", "tables/probe.json"], There());
        Assert.Equal("second", File.ReadAllText(_folder["model.zip"]));
    }

    [Fact]
    public void A_model_that_cannot_be_written_leaves_the_one_before_with_its_results()
    {
        using var folder = OutputFolder.Open(_folder.FullName);
        Results(folder, Model(folder, "first"));
        string[] before = There();

        var error = Assert.Throws<UserException>(() =>
            folder.WriteModel("model.zip", _ => throw new IOException("No space left on device."), _ => true)
        );

        Assert.Equal($"'{_folder["model.zip"]}' cannot be written: No space left on device.", error.Message);
        Assert.Equal(before, There());
        Assert.Equal("first", File.ReadAllText(_folder["model.zip"]));
    }

    [Fact]
    public void The_same_model_keeps_its_results()
    {
        using var folder = OutputFolder.Open(_folder.FullName);
        Results(folder, Model(folder, "first"));
        string[] before = There();

        Model(folder, "first");

        Assert.Equal(before, There());
    }

    [Fact]
    public void A_report_leaves_out_what_is_of_another_model_and_says_so()
    {
        string other = new('C', 64);
        using (var folder = OutputFolder.Open(_folder.FullName))
        {
            string model = Model(folder, "none that can be loaded");
            Table(folder, "right", model);
            Table(folder, "stale", other);
            Picture(folder, "overlays/right.png", model);
            Picture(folder, "overlays/stale.png", other);
        }

        File.WriteAllText(_folder["tables/users.json"], """{"title":"users","columns":["a"],"rows":[]}""");
        File.Copy(_folder["overlays/right.png"], _folder["overlays/unknown.png"]);
        string hash = ModelHash.Short(ModelHash.Of(_folder["model.zip"]));

        var report = new RunReport(_folder.FullName, video: null);
        report.Write(_folder["page.html"]);

        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Equal(
            [
                $"2 of 3 pictures in overlays: not known to be painted by model.zip {hash}.",
                $"tables/stale.json: of another model (CCCCCCCCCCCC) than there is now (model.zip {hash}).",
            ],
            report.LeftOut
        );
        Assert.All(report.LeftOut, line => Assert.Contains($"<li>{line}</li>", page, StringComparison.Ordinal));
        Assert.Contains("<h3>right</h3>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h3>stale</h3>", page, StringComparison.Ordinal);
        Assert.Contains("<h3>users</h3>", page, StringComparison.Ordinal);
        Assert.Contains("It does not say which model it is of.", page, StringComparison.Ordinal);
        Assert.Contains("1 of 1 overlays", page, StringComparison.Ordinal);
        Assert.Contains($"model.zip {hash}</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_the_users_is_not_written_over_and_an_own_one_goes_with_its_model()
    {
        File.WriteAllText(_folder["report.html"], "my own page");
        var error = Assert.Throws<UserException>(() => new RunReport(_folder.FullName, video: null).Write());
        Assert.Equal("my own page", File.ReadAllText(_folder["report.html"]));
        Assert.Contains("was not written here or was changed since", error.Message, StringComparison.Ordinal);
        File.Delete(_folder["report.html"]);

        using var folder = OutputFolder.Open(_folder.FullName);
        Model(folder, "first");
        // While a command works in the folder: a report needs no hold.
        string page = new RunReport(_folder.FullName, video: null).Write();
        Assert.True(File.Exists(page));

        Model(folder, "second");

        Assert.False(File.Exists(page));
    }

    private static string Model(OutputFolder folder, string content) =>
        folder.WriteModel(
            "model.zip",
            stream => stream.Write(Encoding.UTF8.GetBytes(content)),
            global::Tdv.Tool.Pipeline.Evaluation.IsResult
        );

    private static void Results(OutputFolder folder, string model)
    {
        Write(folder, "metrics.json", "{}", model);
        Write(folder, "evaluation.json", "{}", model);
        Write(folder, "tables/segment.json", "{}", model);
        Write(folder, "overlays/a.png", "{}", model);
    }

    private static void Table(OutputFolder folder, string name, string model) =>
        new ResultTable(name, "", ["a"], []).Save(folder, name, [model]);

    private static void Picture(OutputFolder folder, string name, string model)
    {
        using var picture = new OpenCvSharp.Mat(8, 24, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90));
        folder.Write(name, picture, model);
    }

    private static void Write(OutputFolder folder, string name, string content, string model) =>
        folder.Write(name, stream => stream.Write(Encoding.UTF8.GetBytes(content)), model);

    private string[] There() =>
        [
            .. Directory
                .GetFiles(_folder.FullName, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'))
                .Where(name => !name.StartsWith(".tdv/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}
