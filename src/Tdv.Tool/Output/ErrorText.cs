using System.Reflection;

namespace Tdv.Tool.Output;

/// <summary>What to tell of an exception.</summary>
internal static class ErrorText
{
    /// <summary>What libtorch appends to its messages.</summary>
    private const string NativeTrace = "\nException raised from";
    private const string WrappedByMLNet = "Splitter/consolidator worker";

    /// <summary>The message of the exception that says what happened, not of those wrapped around it.</summary>
    public static string Of(Exception exception)
    {
        while (exception.InnerException is { } inner && SaysNothing(exception))
        {
            exception = inner;
        }

        int end = exception.Message.IndexOf(NativeTrace, StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }

    private static bool SaysNothing(Exception exception) =>
        exception is AggregateException or TargetInvocationException or TypeInitializationException
        || exception.Message.StartsWith(WrappedByMLNet, StringComparison.Ordinal);
}
