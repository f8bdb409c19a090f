using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Video;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Pictures to move: those of a folder, or frames of videos.</summary>
internal static class PictureSource
{
    /// <param name="ml">The context.</param>
    /// <param name="paths">A folder of pictures, or videos and folders of them.</param>
    /// <returns>Rows with the image column Frame.</returns>
    public static IDataView Load(MLContext ml, IReadOnlyList<string> paths)
    {
        string[] pictures =
        [
            .. paths
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles)
                .Where(MediaEndings.IsPicture)
                .InNaturalOrder(),
        ];
        if (pictures.Length == 0)
        {
            return ml.Data.LoadFromVideos(paths, new VideoOptions { FrameInterval = 1 });
        }

        var rows = ml.Data.LoadFromEnumerable(
            pictures.Select(path => new PictureRow { Path = Path.GetFullPath(path), PreviousPath = "" }).ToArray()
        );
        return ml.Transforms.LoadPictures(Columns.Frame, "", nameof(PictureRow.Path)).Fit(rows).Transform(rows);
    }
}
