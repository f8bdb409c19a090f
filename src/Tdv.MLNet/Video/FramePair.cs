namespace Tdv.MLNet.Video;

/// <summary>A row to be: the numbers (from 0) of a frame and of its predecessor, and the frame's time in seconds.</summary>
internal readonly record struct FramePair(long Previous, long Frame, double Time);
