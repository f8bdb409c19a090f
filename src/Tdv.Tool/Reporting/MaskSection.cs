using OpenCvSharp;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Reporting;

/// <summary>Masks beside the truth: some of the overlays that <c>evaluate</c> has written.</summary>
internal static class MaskSection
{
    private const int Most = 6;

    /// <summary>Three panels of 320 pixels.</summary>
    private const int MostWidth = 960;

    /// <param name="run">The run's folder.</param>
    /// <param name="owners">Which results are shown.</param>
    /// <returns>Nothing where there are none.</returns>
    public static Html Of(string run, ResultOwners owners)
    {
        string folder = Path.Combine(run, Evaluation.Overlays);
        string[] files = Directory.Exists(folder)
            ? owners.Overlays(run, [.. Directory.EnumerateFiles(folder, "*.png").InNaturalOrder()])
            : [];
        int count = Math.Min(Most, files.Length);
        Html[] pictures =
        [
            .. Enumerable.Range(0, count).Select(i => Picture(files[i * files.Length / count])).OfType<Html>(),
        ];
        return pictures.Length == 0
            ? Html.Nothing
            : Html.Of(
                $"""
                <div class="card masks"><p>{pictures.Length} of {files.Length} overlays in <code>{Evaluation.Overlays}</code>, evenly chosen:
                the frame, its true mask, and the one that was painted.</p>{pictures}</div>
                """
            );
    }

    /// <summary>Null for a file that is damaged.</summary>
    private static Html? Picture(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        using var picture = Read(file);
        return picture is null
            ? null
            : Html.Of(
                $"""
                <figure>{EmbeddedPicture.Of(
                    picture,
                    Math.Min(MostWidth, picture.Width),
                    $"Frame, truth and prediction of {name}"
                )}<figcaption>{name}</figcaption></figure>
                """
            );
    }

    private static Mat? Read(string file)
    {
        try
        {
            return Pictures.Read(file);
        }
        catch (UserException)
        {
            return null;
        }
    }
}
