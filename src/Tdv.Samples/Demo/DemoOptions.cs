namespace Tdv.Samples.Demo;

/// <summary>How much the demo films.</summary>
public sealed record DemoOptions
{
    /// <summary>
    /// Clips to pretrain on and to take labeled frames from. Many short ones: only many looks teach that looks vary.
    /// </summary>
    public int TrainClips { get; init; } = 48;

    /// <summary>Clips that nothing but the evaluation sees.</summary>
    public int TestClips { get; init; } = 16;

    /// <summary>Training clips with labeled frames: labels are dear, videos are cheap.</summary>
    public int LabeledClips { get; init; } = 24;

    /// <summary>Labeled frames of each of these.</summary>
    public int TrainFramesPerClip { get; init; } = 1;

    /// <summary>Labeled frames of each test clip.</summary>
    public int TestFramesPerClip { get; init; } = 3;

    /// <summary>Height and width in pixels.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Frames per second; a quarter of a second must be a whole number of frames.</summary>
    public int FramesPerSecond { get; init; } = 24;

    /// <summary>Length of each clip in seconds.</summary>
    public int Seconds { get; init; } = 2;

    public int Seed { get; init; }

    /// <summary>Frames between a labeled frame and its predecessor: a quarter of a second.</summary>
    public int PredecessorDistance => FramesPerSecond / 4;

    public int FramesPerClip => FramesPerSecond * Seconds;
}
