using System.CommandLine;
using System.Globalization;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _error = Console.Error;
    private readonly StringWriter _captured = new();

    public CommandLineTests() => Console.SetError(_captured);

    public void Dispose()
    {
        Console.SetError(_error);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "error: Required command was not provided.")]
    [InlineData("paint", "'paint'")]
    [InlineData("demo --trainer forest", "error: Argument 'forest' not recognized.")]
    [InlineData("predict --model m --input i --out o --stride 0", "error: --stride is 0; it must be at least 1.")]
    [InlineData(
        "pretrain --videos x --out y --regularization 0,5",
        "error: --regularization is 0,5; decimals are written with a point, as 0.5."
    )]
    [InlineData("demo --steps 0", "error: --steps is 0; it must be at least 1.")]
    [InlineData("pretrain --videos x", "error: Option '--out' is required.")]
    [InlineData("pretrain --videos x --out y --preset huge", "error: Argument 'huge' not recognized.")]
    [InlineData("segment --train a --test b --classes c --out d", "error: Give either --videos")]
    [InlineData("segment --train a --test b --classes c --out d --videos e --weights f", "error: Give either --videos")]
    public void Wrong_usage_gives_2_and_a_hint(string arguments, string expected)
    {
        int code = CommandLine.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(CommandLine.WrongUsage, code);
        Assert.Contains(expected, _captured.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_gives_1_and_one_message_without_a_stack_trace()
    {
        int code = CommandLine.Run([
            "evaluate",
            "--model",
            "m",
            "--test",
            "no.txt",
            "--classes",
            "c",
            "--out",
            _folder["o"],
        ]);

        Assert.Equal(CommandLine.Failure, code);
        Assert.Equal(
            "error: The list 'no.txt' does not exist. It has a line 'image mask [predecessor]' for each image."
                + Environment.NewLine
                + "The class file 'c' does not exist. It has one line 'id name red green blue [ignore]' per class.",
            _captured.ToString().TrimEnd()
        );
    }

    [Fact]
    public void An_output_folder_that_cannot_be_written_is_found_first()
    {
        string file = _folder.Write("file", "in the way");

        int code = CommandLine.Run(["demo", "--out", Path.Combine(file, "out")]);

        Assert.Equal(CommandLine.Failure, code);
        Assert.StartsWith(
            $"error: The output folder '{Path.Combine(file, "out")}' cannot be written to:",
            _captured.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_cut_short_and_a_missing_input_are_told()
    {
        string model = _folder.Write("model.zip", "PK");
        string picture = _folder.Write("a.png", "");

        Assert.Equal(1, CommandLine.Run(["predict", "--model", model, "--input", picture, "--out", _folder["o"]]));
        Assert.Contains($"error: The model '{model}' cannot be read", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, CommandLine.Run(["predict", "--model", model, "--input", "none", "--out", _folder["o"]]));
        Assert.Contains("error: The input 'none' does not exist.", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Videos_that_do_not_exist_are_told()
    {
        Assert.Equal(1, CommandLine.Run(["pretrain", "--videos", _folder["none"], "--out", _folder["o"]]));
        Assert.Contains(_folder["none"], _captured.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _captured.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@list.mp4")]
    [InlineData("-x.mp4")]
    [InlineData("-h.mp4")]
    public void A_name_that_looks_like_something_else_is_a_name(string name)
    {
        Assert.Equal(1, CommandLine.Run(["pretrain", "--videos", name, "--out", _folder["o"]]));
        Assert.Contains($"- '{name}' does not exist.", _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_codes_in_names_are_shown_and_not_sent()
    {
        Assert.Equal(1, CommandLine.Run(["show", "no\u001b[31m\u0007model", "x", "--out", _folder["o"]]));
        Assert.Contains(@"no\u001B[31m\u0007model", _captured.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _captured.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    // German and Arabic, where a system knows them or not.
    [InlineData(",", ".", "-")]
    [InlineData("\u066B", "\u066C", "\u061C-")]
    public void Numbers_and_messages_are_the_same_in_every_culture(string point, string thousands, string minus)
    {
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = point;
        other.NumberFormat.NumberGroupSeparator = thousands;
        other.NumberFormat.NegativeSign = minus;
        try
        {
            CultureInfo.CurrentCulture = other;
            var command = new Command("say");
            command.SetAction(
                (_, _) =>
                    Task.Run(() =>
                    {
                        Tdv.Tool.Output.Terminal.Error($"{-1234.5:N1}");
                        return 0;
                    })
            );

            Assert.Equal(0, CommandLine.Run(new RootCommand { command }, "test", ["say"]));
            Assert.Equal(2, CommandLine.Run(["demo", "--seed", "1,5"]));
            Assert.Equal(2, CommandLine.Run(["demo", "--trainer", "forest"]));

            Assert.Same(other, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Contains("error: -1,234.5", _captured.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "Cannot parse argument '1,5' for option '--seed'",
            _captured.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains("error: Argument 'forest' not recognized.", _captured.ToString(), StringComparison.Ordinal);
    }
}
