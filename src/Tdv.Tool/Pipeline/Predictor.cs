using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Pipeline;

/// <summary>Paints masks over pictures and videos with nothing but a saved model.</summary>
internal sealed class Predictor : IDisposable
{
    private const string Time = "Time";

    /// <summary>Frames that wait before a stage; before the network, which takes whole batches, it is one of these.</summary>
    private const int Ahead = 4;
    private const string MaskEnding = ".mask.png";
    private const string OverlayEnding = ".overlay.png";
    private const string VideoEnding = ".overlay.mp4";
    private static readonly string[] OwnEndings = [MaskEnding, OverlayEnding, VideoEnding];
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly ITransformer _model;
    private readonly string _input;
    private readonly OutputFolder _folder;
    private readonly string _hash;

    /// <summary>Height and width that the model looks at previous frames in; null: it does not.</summary>
    private readonly (int Height, int Width)? _previous;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Predictor(string model, string input, string output, PaintingChoice? painting = null)
    {
        if (!File.Exists(input) && !Directory.Exists(input))
        {
            throw new UserException(
                $"The input {Shown.Name(input)} does not exist. Give a picture, a video or a folder of pictures."
            );
        }

        _input = input;
        _model = ModelFile.Load(_ml, model, painting);
        _hash = ModelHash.Of(model);
        _folder = OutputFolder.Open(output);
        _previous = ModelFile.PreviousFrames(_model);
    }

    public void Dispose() => _folder.Dispose();

    /// <exception cref="UserException">Pictures were damaged; the others are painted.</exception>
    public void Run(CancellationToken cancellation)
    {
        using var end = _ml.EndWith(cancellation);
        if (Directory.Exists(_input))
        {
            PaintPictures(Folder(), cancellation);
        }
        else if (MediaEndings.IsPicture(_input))
        {
            Say("a lone picture has no predecessor: the model's features of motion see none");
            PaintPictures([_input], cancellation);
        }
        else
        {
            PaintVideo(cancellation);
        }
    }

    private static string MaskOf(string name) => $"{name}{MaskEnding}";

    private static string OverlayOf(string name) => $"{name}{OverlayEnding}";

    /// <summary>Looks whether all can be written, and takes away what another model painted: none is to lie among this one's.</summary>
    private void Begin(IEnumerable<string> names)
    {
        _folder.Require(names);
        int removed = _folder.Remove(file =>
            file.Model is not null && file.Model != _hash && Array.Exists(OwnEndings, file.Name.EndsWith)
        );
        if (removed > 0)
        {
            Terminal.Line($"removed {FolderFiles.Count(removed, "file")} that another model had painted");
        }
    }

    private IReadOnlyList<string> Folder()
    {
        var files = new FolderFiles(
            _input,
            file => OwnEndings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        );
        string? leftOut = files.LeftOut((files.Videos.Count, "videos, which are given one by one"));
        string rest = leftOut is null ? "" : $"; {leftOut}";
        if (files.Pictures.Count == 0)
        {
            throw new UserException(
                $"The folder {Shown.Name(_input)} has no pictures ({MediaEndings.PictureList}){rest}."
            );
        }

        Terminal.Line($"{FolderFiles.Count(files.Pictures.Count, "picture")}{rest}");
        Say("each one's predecessor is the picture before it by number, of the same name but for numbers");
        return files.Pictures;
    }

    /// <summary>What there is to say of predecessors, where the model looks at them.</summary>
    private void Say(string ofPredecessors)
    {
        if (_previous is not null)
        {
            Terminal.Line(ofPredecessors);
        }
    }

    private void PaintPictures(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var pictures = new PictureSeries(files);
        var rows = _ml.Data.LoadFromEnumerable(pictures.Rows());
        var images = _ml
            .Transforms.LoadPictures(Columns.Frame, "", nameof(PictureRow.Path))
            .Append(
                _ml.Transforms.LoadPictures(
                    Columns.PreviousFrame,
                    "",
                    nameof(PictureRow.PreviousPath),
                    new PictureOptions { LeastHeight = _previous?.Height, LeastWidth = _previous?.Width }
                )
            )
            .Fit(rows)
            .Transform(rows);
        var names = UniqueNames.Of(files);
        Begin(names.SelectMany(name => new[] { MaskOf(name), OverlayOf(name) }));
        int done = 0;
        var view = _model.Transform(images);
        var masks = ModelFile.Masks(view.Schema);
        var legend = MaskLegend.Of(masks);
        var overlay = new MaskOverlay(masks);
        foreach (var painted in Paint(view))
        {
            cancellation.ThrowIfCancellationRequested();
            using (painted)
            {
                var image = painted.Image;
                var keys = painted.Keys.GetValues();
                string name = names[pictures.Taken[done++]];
                using var mask = Pictures.ToIds(keys, image.Height, image.Width, legend);
                using var picture = Draw(overlay, image, keys);
                _folder.Write(MaskOf(name), mask, _hash);
                _folder.Write(OverlayOf(name), picture, _hash);
            }
        }

        Terminal.Line($"painted {FolderFiles.Count(done, "picture")} into {Shown.Name(_folder.Path)}");
        if (pictures.Faults.Count > 0)
        {
            throw new UserException(
                $"{pictures.Faults.Count} of {FolderFiles.Count(files.Count, "picture")} could not be read:\n- "
                    + string.Join("\n- ", pictures.Faults)
            );
        }
    }

    /// <summary>Decoding, network and masks, drawing, and encoding each have a thread, a few frames apart.</summary>
    private void PaintVideo(CancellationToken cancellation)
    {
        string name = $"{UniqueNames.Of(_input)}{VideoEnding}";
        Begin([name]);
        var (pace, aspect) = Look(cancellation);
        using var file = new PartialVideo(_folder, name, pace.Rate, _hash);
        using var video = new PacedVideo(file, pace, aspect);
        var options = new VideoOptions { FrameInterval = Defaults.FrameInterval, EveryFrame = true };
        var view = _model.Transform(_ml.Data.LoadFromVideos(_input, options));
        var overlay = new MaskOverlay(ModelFile.Masks(view.Schema));
        var drawn = new ReadAhead<PaintedFrame>(Paint(view), Ahead).Select(painted =>
        {
            using (painted)
            {
                return new DrawnFrame(painted.Time, Draw(overlay, painted.Image, painted.Keys.GetValues()));
            }
        });
        foreach (var frame in new ReadAhead<DrawnFrame>(drawn, Ahead))
        {
            using (frame)
            {
                cancellation.ThrowIfCancellationRequested();
                video.Write(frame.Picture, frame.Time, cancellation);
            }
        }

        video.Complete();
        Terminal.Line($"painted {FolderFiles.Count(video.Pictures, "frame")} into {Shown.Name(_folder[name])}");
        Say(video, pace, aspect);
    }

    /// <summary>What of the video is not as it was.</summary>
    private static void Say(PacedVideo video, VideoPace pace, double aspect)
    {
        string rate = pace.EncoderRate.ToString("0.###", CultureInfo.InvariantCulture);
        if (pace.IsVarying || video.Hidden > 0)
        {
            int repeated = video.Frames - video.Pictures + video.Hidden;
            Terminal.Line(
                $"its rate varies: written at a constant {rate} frames per second, {repeated} of {video.Frames} frames repeated "
                    + $"and {video.Hidden} left out, so that all are shown at their times"
            );
        }

        if (aspect != 1)
        {
            string stretch = aspect.ToString("0.###", CultureInfo.InvariantCulture);
            Terminal.Line($"its pixels are {stretch} times as wide as high: written with square ones");
        }
    }

    /// <summary>The frames' times, of which the rate to write follows. Nothing is painted yet.</summary>
    private (VideoPace Pace, double Aspect) Look(CancellationToken cancellation)
    {
        FFmpegLoader.EnsureLoaded();
        try
        {
            using var stream = FrameStream.Open(_input, new VideoOptions());
            var times = new List<double>();
            while (stream.Grab())
            {
                cancellation.ThrowIfCancellationRequested();
                times.Add(stream.Time);
            }

            return (VideoPace.Of(times, stream.Rate), stream.PixelAspect);
        }
        catch (InvalidDataException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    private static IEnumerable<PaintedFrame> Paint(IDataView view)
    {
        var time = view.Schema.GetColumnOrNull(Time);
        using var cursor = view.GetRowCursor(
            view.Schema.Where(column => column.Name is Columns.Frame or Columns.Predicted or Time)
        );
        var getTime = time is { } column ? cursor.GetGetter<float>(column) : (ref float none) => none = 0;
        var getFrame = cursor.GetGetter<MLImage>(view.Schema[Columns.Frame]);
        var getKeys = cursor.GetGetter<VBuffer<uint>>(view.Schema[Columns.Predicted]);
        while (cursor.MoveNext())
        {
            // Fresh variables: each row's buffers become the consumer's.
            float seconds = 0;
            MLImage image = null!;
            VBuffer<uint> keys = default;
            getTime(ref seconds);
            getFrame(ref image);
            getKeys(ref keys);
            yield return new PaintedFrame(seconds, image, keys);
        }
    }

    private static Mat Draw(MaskOverlay overlay, MLImage image, ReadOnlySpan<uint> keys)
    {
        using var picture = overlay.Paint(image, keys);
        return Pictures.ToMat(picture);
    }
}
