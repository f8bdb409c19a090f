using static TorchSharp.torch;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Hands gradients from a custom backward function to libtorch, which copies the references only after the function has
/// returned. Left in the caller's dispose scope, the gradients of all layers would stay until the end of the step; here
/// each thread's are released when its next ones come.
/// </summary>
internal static class BackwardResults
{
    [ThreadStatic]
    private static List<Tensor>? _last;

    /// <param name="received">The gradient that the function was given: nobody else disposes of it.</param>
    /// <param name="results">Gradients of the inputs, in the function's own dispose scope.</param>
    public static List<Tensor> Hand(Tensor received, params ReadOnlySpan<Tensor> results)
    {
        received.Dispose();
        _last?.ForEach(tensor => tensor.Dispose());
        _last = [.. results];
        _last.ForEach(tensor => tensor.DetachFromDisposeScope());
        return _last;
    }
}
