namespace Tdv.MLNet.Video;

/// <summary>What becomes of a newly grabbed frame and of the one before it.</summary>
/// <param name="KeepLast">The frame before is part of a row.</param>
/// <param name="Retrieve">The new frame is or may become part of a row: its pixels are wanted.</param>
/// <param name="Keep">The new frame is part of a row already.</param>
internal readonly record struct FrameUse(bool KeepLast, bool Retrieve, bool Keep);
