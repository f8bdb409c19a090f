namespace Tdv.Samples.Demo;

/// <summary>How a camera moves over a picture.</summary>
public enum CameraMove
{
    Left,
    Right,
    Up,
    Down,
    TurnLeft,
    TurnRight,
    Nearer,
    Farther,
}
