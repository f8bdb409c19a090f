using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Training;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Seeing;

/// <summary>Writes what a network sees in a video: pictures of a few frames, and a video of each kind.</summary>
internal sealed class Show(TdvModel model, string video, string output, double seconds)
{
    /// <summary>As many as look smooth, and no more than the network has time for.</summary>
    private const double FrameRate = 10;
    private const int Pictures = 8;
    private const int Ahead = 4;
    private readonly string _name = UniqueNames.Of(video);

    public void Run(CancellationToken cancellation)
    {
        OutputFolder.Prepare(output);
        var ml = Context.Create(seed: 0);
        using var end = ml.EndWith(cancellation);
        var seen = new SeenVideo(ml, model, video);
        using var clip = SeenClip.Sample(seen, seconds, Pictures);
        WritePictures(clip);
        WriteVideos(seen, clip.Painter, cancellation);
        if (seen.HasMotion)
        {
            Terminal.Line(
                "prediction gain over 'nothing moves' in these frames: "
                    + Gain.Text(clip.Painter.PredictionGain(clip.Frames), 2)
            );
        }
    }

    private void WritePictures(SeenClip clip)
    {
        foreach (var frame in clip.Frames)
        {
            using var picture = PanelRow.Draw(clip.Painter, frame, clip.Painter.Panels);
            string name = string.Create(CultureInfo.InvariantCulture, $"{_name}.frame-{frame.Time:000.00}s.png");
            Painting.Pictures.Write(Path.Combine(output, name), picture);
        }

        Terminal.Line($"{clip.Frames.Count} pictures: {Path.Combine(output, $"{_name}.frame-*.png")}");
    }

    private void WriteVideos(SeenVideo seen, SeenPainter painter, CancellationToken cancellation)
    {
        var kinds = painter.Panels.Where(panel => panel != Panel.Input).ToArray();
        var files = kinds.Select(kind => new PartialVideo(PathOf(kind), FrameRate)).ToArray();
        try
        {
            int count = (int)Math.Max(1, Math.Round(seconds * FrameRate));
            foreach (var frame in new ReadAhead<SeenFrame>(seen.Frames(1 / FrameRate, count), Ahead))
            {
                using (frame)
                {
                    cancellation.ThrowIfCancellationRequested();
                    foreach (var (kind, file) in kinds.Zip(files))
                    {
                        using var picture = PanelRow.Draw(painter, frame, [Panel.Input, kind]);
                        file.Write(picture);
                    }
                }
            }

            Array.ForEach(files, file => file.Complete());
        }
        finally
        {
            Array.ForEach(files, file => file.Dispose());
        }

        Terminal.Line($"{files[0].Frames} frames each: {string.Join(", ", kinds.Select(PathOf))}");
    }

    private string PathOf(Panel kind) => Path.Combine(output, $"{_name}.{kind.Name}.mp4");
}
