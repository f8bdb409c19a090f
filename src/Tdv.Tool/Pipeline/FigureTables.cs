using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>The figures of all methods side by side.</summary>
/// <param name="results">The methods, each with a name to show.</param>
internal sealed class FigureTables(IReadOnlyList<(string Name, Figures Figures)> results)
{
    /// <param name="note">What one must know to read it.</param>
    public ResultTable Means(string note) =>
        new(
            "Masks of the test images",
            note,
            ["method", "mIoU", "mean accuracy", "pixel accuracy"],
            [
                .. results.Select(result =>
                    (object[])
                        [
                            result.Name,
                            Percent(result.Figures.MeanIoU),
                            Percent(result.Figures.MeanAccuracy),
                            Percent(result.Figures.PixelAccuracy),
                        ]
                ),
            ]
        );

    public ResultTable Classes() =>
        new(
            "IoU of each class",
            "Percent; – for a class that does not occur.",
            ["class", .. results.Select(result => result.Name)],
            [
                .. results[0]
                    .Figures.ClassIoU.Keys.Select(name =>
                        (object[])[name, .. results.Select(result => (object)Percent(result.Figures.ClassIoU[name]))]
                    ),
            ]
        );

    private static double Percent(double value) => Math.Round(100 * value, 1);
}
