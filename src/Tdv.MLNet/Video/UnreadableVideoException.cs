namespace Tdv.MLNet.Video;

/// <summary>A video that yields nothing. The message starts with its name and says why.</summary>
internal sealed class UnreadableVideoException(string message) : Exception(message);
