using System.Diagnostics;
using Spectre.Console;
using Tdv.MLNet;
using Tdv.MLNet.Training;
using Tdv.Tool.Reporting;

namespace Tdv.Tool.Output;

/// <summary>Shows how a training goes: a bar that moves on a terminal, a line now and then elsewhere.</summary>
internal sealed class TrainingProgress : IProgress<StepReport>
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private readonly ProgressTask? _bar;
    private Stopwatch? _sinceLine;

    private TrainingProgress(ProgressTask? bar) => _bar = bar;

    /// <summary>Runs a training that reports to the progress it is given.</summary>
    public static T Show<T>(Func<IProgress<StepReport>, T> training) =>
        Terminal.IsInteractive
            ? AnsiConsole
                .Progress()
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
                .Start(context => training(new TrainingProgress(context.AddTask("reading the videos"))))
            : training(new TrainingProgress(null));

    public void Report(StepReport value)
    {
        string text =
            $"step {value.Step}/{value.Steps}  loss {value.Loss:F3}  prediction gain {Gain.Text(value.PredictionGain, 2)}  "
            + $"{2 * value.PairsPerSecond:F0} images/s  {Figure.Text(value.Remaining)} left";
        if (_bar is not null)
        {
            _bar.MaxValue = value.Steps;
            _bar.Value = value.Step;
            _bar.Description = Markup.Escape(text);
        }
        else if (_sinceLine is null || value.Step == value.Steps || _sinceLine.Elapsed > LineInterval)
        {
            Terminal.Line(text);
            _sinceLine = Stopwatch.StartNew();
        }
    }
}
