using OpenCvSharp;

namespace Tdv.Tool.Importing;

/// <summary>A part of a picture that has a class.</summary>
/// <param name="Label">The name of the class.</param>
internal abstract record ImportedShape(string Label)
{
    /// <summary>Gives the pixels of the shape an id.</summary>
    /// <param name="mask">8-bit gray, as large as the picture.</param>
    /// <param name="id">The id.</param>
    /// <exception cref="FormatException">The shape does not fit the picture.</exception>
    public abstract void Draw(Mat mask, byte id);
}
