using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>
/// What Ctrl+C and SIGTERM do. The first ends the work: what the command can end by itself it does, a training with a
/// checkpoint; what is deep in a native library after that is left there. The second ends the process at once.
/// </summary>
internal sealed partial class Stopping : IDisposable
{
    /// <summary>Until then, the command may end by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>When to say that it takes a moment.</summary>
    private static readonly TimeSpan Word = TimeSpan.FromSeconds(0.4);

    /// <summary>For a checkpoint. Several gigabytes onto a slow disk are no reason to lose it.</summary>
    private static readonly TimeSpan MostForUnsaved = TimeSpan.FromMinutes(5);
    private const int SignalBase = 128;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private readonly CancellationTokenSource _source = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    /// <summary>Begins to listen.</summary>
    public Stopping()
    {
        // Signals come by way of the pool, which may be full of those who compute.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + 4), ports);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => On(context, Interrupt)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => On(context, Terminate)),
        ];
    }

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The command has ended with this code, of its own accord or because it was told to.</summary>
    /// <returns>The code.</returns>
    public int End(int code)
    {
        _over.Set();
        if (Token.IsCancellationRequested)
        {
            // Threads of native libraries may still run, under which destructors would take the memory away.
            EndProcess(code);
        }

        return code;
    }

    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _source.Dispose();
        _over.Dispose();
    }

    private void On(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            Terminal.Error(Unsaved.Any ? "ended at once, without a checkpoint of the last steps." : "ended at once.");
            EndProcess(SignalBase + signal);
        }

        new Thread(Watch) { IsBackground = true, Name = nameof(Stopping) }.Start();
    }

    private void Watch()
    {
        // What it calls may take its time, and is not waited for.
        _ = _source.CancelAsync();
        if (_over.Wait(Word))
        {
            return;
        }

        Console.Error.WriteLine("stopping; once more ends at once");
        if (_over.Wait(Patience - Word))
        {
            return;
        }

        bool saved = Unsaved.WaitForAll(MostForUnsaved);
        if (!_over.IsSet)
        {
            Terminal.Error(
                !saved ? "stopped; the checkpoint could not be written in time."
                : Unsaved.Saved is { } note ? $"stopped; {note}. The same command again goes on from there."
                : "stopped."
            );
            EndProcess(Commands.CommandLine.Failure);
        }
    }

    [DoesNotReturn]
    private static void EndProcess(int code)
    {
        if (Terminal.IsInteractive)
        {
            const string ShowCursor = "\e[?25h";
            Console.Write(ShowCursor);
        }

        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(-1, (uint)code);
        }
        else
        {
            Exit(code);
        }

        Environment.Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("kernel32", EntryPoint = "TerminateProcess")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint code);
}
