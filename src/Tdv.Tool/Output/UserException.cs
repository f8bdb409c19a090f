namespace Tdv.Tool.Output;

/// <summary>Something that the user can put right: its message is all that is shown.</summary>
internal sealed class UserException : Exception
{
    /// <inheritdoc/>
    public UserException() { }

    /// <inheritdoc/>
    public UserException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public UserException(string message, Exception innerException)
        : base(message, innerException) { }
}
