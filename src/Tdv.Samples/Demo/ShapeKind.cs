namespace Tdv.Samples.Demo;

/// <summary>The demo's classes; the value is the pixel value in the masks.</summary>
public enum ShapeKind : byte
{
    /// <summary>Everything that does not move on its own, shapes that stand still included.</summary>
    Background = 0,

    /// <summary>Striped.</summary>
    Disc = 1,

    /// <summary>Checkered.</summary>
    Square = 2,

    /// <summary>Dotted.</summary>
    Triangle = 3,
}
