using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>Follows points through a user's video: writes where they are, and a video that shows it.</summary>
internal sealed class VideoTracking : IDisposable
{
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly string _model;
    private readonly string _video;
    private readonly OutputFolder _folder;
    private readonly int? _resolution;
    private readonly IReadOnlyList<TrackQuery> _queries;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public VideoTracking(string model, string video, string points, string output, int? resolution)
    {
        if (!File.Exists(video) && !Directory.Exists(video))
        {
            throw new UserException(
                $"The input '{video}' does not exist. Give a video or a folder of numbered frames."
            );
        }

        (_model, _video, _resolution) = (model, video, resolution);
        _queries = QueryText.Read(points, video);
        _folder = OutputFolder.Open(output);
    }

    public void Dispose() => _folder.Dispose();

    public void Run(CancellationToken cancellation)
    {
        using var end = _ml.EndWith(cancellation);
        using var contender = LoadModel();
        var frames = new TrackFrames(_ml, [_video]);
        var view = frames.Follow(contender, _queries, contender.Model!.ImageSize, _resolution);
        string overlay = $"{UniqueNames.Of(_video)}.tracks.mp4";
        _folder.Require([TrackData.FileName, overlay]);
        using var video = new PartialVideo(_folder, overlay, FrameRate());
        string csv = _folder.Beside("");
        TrackPoint.WriteFile(csv, Paint(view, video, cancellation));
        video.Complete();
        _folder.Take(csv, TrackData.FileName);
        Terminal.Line(
            $"{_queries.Count} point(s) in {video.Frames} frames: {_folder[TrackData.FileName]}, {_folder[overlay]}"
        );
    }

    private Contender LoadModel()
    {
        var model = ModelSource.Load(_ml, _model);
        return new(Contender.Trained, model.PatchSize, model);
    }

    /// <summary>Paints the frames one after the other; what it returns are the points in them.</summary>
    private IEnumerable<TrackPoint> Paint(IDataView view, PartialVideo video, CancellationToken cancellation)
    {
        var columns = new[] { Columns.Frame, "Tracks", "Visible" }.Select(name => view.Schema[name]).ToArray();
        using var cursor = view.GetRowCursor(columns);
        var getImage = cursor.GetGetter<MLImage>(columns[0]);
        var getTracks = cursor.GetGetter<VBuffer<float>>(columns[1]);
        var getVisible = cursor.GetGetter<VBuffer<bool>>(columns[2]);
        var painter = new TrackPainter(_queries.Count);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(_video));
        VBuffer<float> tracks = default;
        VBuffer<bool> visible = default;
        for (int frame = 0; cursor.MoveNext(); frame++)
        {
            cancellation.ThrowIfCancellationRequested();
            MLImage image = null!;
            getImage(ref image);
            getTracks(ref tracks);
            getVisible(ref visible);
            using (image)
            using (var picture = Pictures.ToMat(image))
            {
                painter.Draw(picture, tracks.GetValues(), visible.GetValues());
                video.Write(picture);
            }

            float[] places = [.. tracks.DenseValues()];
            bool[] seen = [.. visible.DenseValues()];
            for (int point = 0; point < seen.Length; point++)
            {
                if (_queries[point].Frame <= frame)
                {
                    yield return new(name, point, frame, places[2 * point], places[(2 * point) + 1], seen[point]);
                }
            }
        }
    }

    private double FrameRate()
    {
        using var stream = FrameStream.Open(_video, new VideoOptions());
        return stream.Rate;
    }
}
