namespace Tdv.Tool.Pipeline;

/// <summary>Names of the columns.</summary>
internal static class Columns
{
    public const string Frame = "Frame";
    public const string PreviousFrame = "PreviousFrame";
    public const string Mask = "Mask";
    public const string Predicted = "PredictedLabel";
    public const string Features = "Features";
    public const string Motion = "Motion";
    public const string Color = "Color";
}
