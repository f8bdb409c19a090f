namespace Tdv.MLNet.Foundation;

/// <summary>
/// The token that ends the work in progress, for readers that nobody hands one: cursors of ML.NET take none. It goes along
/// to the threads and tasks that the work starts.
/// </summary>
internal static class AmbientStop
{
    private static readonly AsyncLocal<CancellationToken> Current = new();

    public static CancellationToken Token => Current.Value;

    /// <summary>Whether the work is to end.</summary>
    public static bool IsRequested => Token.IsCancellationRequested;

    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    public static void Check() => Token.ThrowIfCancellationRequested();

    /// <summary>Lets a token end what is done until the scope is disposed of, beside the one that may end it already.</summary>
    public static IDisposable Use(CancellationToken token)
    {
        var outer = Token;
        bool both = token.CanBeCanceled && outer.CanBeCanceled && token != outer;
        var linked = both ? CancellationTokenSource.CreateLinkedTokenSource(token, outer) : null;
        Current.Value = linked?.Token ?? (token.CanBeCanceled ? token : outer);
        return new Scope(linked, outer);
    }

    private sealed class Scope(CancellationTokenSource? linked, CancellationToken outer) : IDisposable
    {
        public void Dispose()
        {
            Current.Value = outer;
            linked?.Dispose();
        }
    }
}
