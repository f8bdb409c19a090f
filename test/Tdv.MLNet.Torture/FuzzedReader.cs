namespace Tdv.MLNet.Torture;

/// <summary>A reader, good files for it, and the exceptions that it documents.</summary>
internal sealed record FuzzedReader(
    string Name,
    Func<byte[][]> Samples,
    Action<byte[]> Read,
    Func<Exception, bool> IsDocumented
);
