namespace Tdv.MLNet.Weights;

/// <summary>One file in a zip archive.</summary>
/// <param name="Offset">Bytes from the start of the archive to the entry's data.</param>
/// <param name="Length">The data's length in the archive, in bytes.</param>
/// <param name="IsStored">Whether the data are neither compressed nor encrypted, hence readable in place.</param>
internal readonly record struct ZipEntry(long Offset, long Length, bool IsStored);
