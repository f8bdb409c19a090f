using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;

namespace Tdv.Tool.Pipeline;

/// <summary>Paints masks over pictures and videos with nothing but a saved model.</summary>
internal sealed class Predictor
{
    private const double UsualFrameRate = 30;

    /// <summary>Frames that wait before a stage; before the network, which takes whole batches, it is one of these.</summary>
    private const int Ahead = 4;
    private static readonly string[] PictureEndings = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];
    private static readonly string[] OwnEndings = [".mask.png", ".overlay.png"];
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly ITransformer _model;
    private readonly string _input;
    private readonly string _out;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Predictor(string model, string input, string output, PaintingChoice? painting = null)
    {
        if (!File.Exists(input) && !Directory.Exists(input))
        {
            throw new UserException(
                $"The input '{input}' does not exist. Give a picture, a video or a folder of pictures."
            );
        }

        OutputFolder.Prepare(output);
        _input = input;
        _out = output;
        _model = ModelFile.Load(_ml, model, painting);
    }

    public void Run(CancellationToken cancellation)
    {
        if (Directory.Exists(_input))
        {
            PaintPictures(Folder(), cancellation);
        }
        else if (IsPicture(_input))
        {
            Terminal.Line("a lone picture has no predecessor: features of motion, if the model uses them, see none");
            PaintPictures([_input], cancellation);
        }
        else
        {
            PaintVideo(cancellation);
        }
    }

    private string[] Folder()
    {
        string[] files =
        [
            .. Directory
                .EnumerateFiles(_input)
                .Where(file => IsPicture(file) && !OwnEndings.Any(file.EndsWith))
                .Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            throw new UserException(
                $"The folder '{_input}' has no pictures ({string.Join(", ", PictureEndings)}). Videos are given one by one."
            );
        }

        Terminal.Line($"{files.Length} pictures; each one's predecessor is the picture before it by name");
        return files;
    }

    private void PaintPictures(string[] files, CancellationToken cancellation)
    {
        var rows = _ml.Data.LoadFromEnumerable(
            files.Select((file, i) => new PictureRow { Path = file, PreviousPath = files[Math.Max(0, i - 1)] })
        );
        var images = _ml
            .Transforms.LoadPictures(Columns.Frame, "", nameof(PictureRow.Path))
            .Append(_ml.Transforms.LoadPictures(Columns.PreviousFrame, "", nameof(PictureRow.PreviousPath)))
            .Fit(rows)
            .Transform(rows);
        bool sameNames = files.Select(Path.GetFileNameWithoutExtension).Distinct().Count() < files.Length;
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
                string file = files[done++];
                string name = sameNames ? Path.GetFileName(file) : Path.GetFileNameWithoutExtension(file);
                using var mask = Pictures.ToIds(keys, image.Height, image.Width, legend);
                using var picture = Draw(overlay, image, keys);
                Pictures.Write(Path.Combine(_out, $"{name}.mask.png"), mask);
                Pictures.Write(Path.Combine(_out, $"{name}.overlay.png"), picture);
            }
        }

        Terminal.Line($"painted {done} picture(s) into '{_out}'");
    }

    /// <summary>Decoding, network and masks, drawing, and encoding each have a thread, a few frames apart.</summary>
    private void PaintVideo(CancellationToken cancellation)
    {
        string path = Path.Combine(_out, $"{Path.GetFileNameWithoutExtension(_input)}.overlay.mp4");
        using var video = new PartialVideo(path, FrameRate());
        var options = new VideoOptions { FrameInterval = Defaults.FrameInterval, EveryFrame = true };
        var view = _model.Transform(_ml.Data.LoadFromVideos(_input, options));
        var overlay = new MaskOverlay(ModelFile.Masks(view.Schema));
        var drawn = new ReadAhead<PaintedFrame>(Paint(view), Ahead).Select(painted =>
        {
            using (painted)
            {
                return Draw(overlay, painted.Image, painted.Keys.GetValues());
            }
        });
        foreach (var picture in new ReadAhead<Mat>(drawn, Ahead))
        {
            using (picture)
            {
                cancellation.ThrowIfCancellationRequested();
                video.Write(picture);
            }
        }

        video.Complete();
        Terminal.Line($"painted {video.Frames} frames into '{path}'");
    }

    private static IEnumerable<PaintedFrame> Paint(IDataView view)
    {
        using var cursor = view.GetRowCursor([view.Schema[Columns.Frame], view.Schema[Columns.Predicted]]);
        var getFrame = cursor.GetGetter<MLImage>(view.Schema[Columns.Frame]);
        var getKeys = cursor.GetGetter<VBuffer<uint>>(view.Schema[Columns.Predicted]);
        while (cursor.MoveNext())
        {
            // Fresh variables: each row's buffers become the consumer's.
            MLImage image = null!;
            VBuffer<uint> keys = default;
            getFrame(ref image);
            getKeys(ref keys);
            yield return new PaintedFrame(image, keys);
        }
    }

    private static Mat Draw(MaskOverlay overlay, MLImage image, ReadOnlySpan<uint> keys)
    {
        using var picture = overlay.Paint(image, keys);
        return Pictures.ToMat(picture);
    }

    private double FrameRate()
    {
        using var video = new VideoCapture(_input);
        double rate = video.Get(VideoCaptureProperties.Fps);
        return rate is > 0 and < 1000 ? rate : UsualFrameRate;
    }

    private static bool IsPicture(string path) =>
        PictureEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
