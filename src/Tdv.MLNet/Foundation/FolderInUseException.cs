namespace Tdv.MLNet.Foundation;

/// <summary>Another process writes to a folder of ours.</summary>
internal sealed class FolderInUseException(string message) : IOException(message);
