namespace Tdv.Tool.Motion;

/// <summary>A rectified pair and the left picture's true disparity.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Left">The left picture's file.</param>
/// <param name="Right">The right one's.</param>
/// <param name="Truth">The disparity's file.</param>
/// <param name="Divisor">Of its values; null: as the format says.</param>
internal sealed record StereoPair(string Name, string Left, string Right, string Truth, double? Divisor);
