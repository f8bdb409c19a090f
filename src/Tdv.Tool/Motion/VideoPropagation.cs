using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>Carries masks of a few frames through a video: label one frame, train on all.</summary>
internal sealed class VideoPropagation : IDisposable
{
    private const string Confidence = "Confidence";
    private const string Time = "Time";
    private const string Overlay = "overlay.mp4";
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(10);
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly PropagateSettings _settings;
    private readonly TdvModel _model;
    private readonly IDataView _frames;
    private readonly GivenMasks _given;
    private readonly FrameSize _size;
    private readonly double _frameRate;
    private readonly OutputFolder _folder;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public VideoPropagation(PropagateSettings settings)
    {
        _settings = settings;
        (_frames, int height, int width) = Frames();
        _given = GivenMasks.Read(settings, height, width);
        using (var stream = FrameStream.Open(settings.Input, new VideoOptions()))
        {
            _frameRate = stream.Rate / settings.Every;
        }

        _model = ModelSource.Load(_ml, settings.Model);
        var usual = Defaults.FeatureSize(height, width, _model.ImageSize, _model.PatchSize);
        _size = settings.Size?.InPatches(_model.PatchSize) ?? new(usual.Height, usual.Width);
        _folder = OutputFolder.Open(settings.Out);
    }

    public void Run(CancellationToken cancellation)
    {
        using var end = _ml.EndWith(cancellation);
        Terminal.Heading(
            $"Carrying {_given.Masks.Count} mask(s) through '{_settings.Input}', frames resized to {_size}"
        );
        var clock = Stopwatch.StartNew();
        _folder.Require([Overlay]);
        _folder.Remove(file => file.Name == Overlay);
        var set = new TrainingSet(_folder, _given.Classes);
        using var video = new PartialVideo(_folder, Overlay, _frameRate);
        var overlay = new MaskOverlay(_given.Classes);
        var next = Progress;
        var (row, skipped) = (0, 0);
        var (least, worst, worstTime) = (float.MaxValue, 0, 0f);
        foreach (var frame in Carry())
        {
            using var image = frame.Image;
            cancellation.ThrowIfCancellationRequested();
            int number = row++ * _settings.Every;
            var keys = frame.Keys.GetValues();
            if (keys.Length == 0)
            {
                skipped++;
                continue;
            }

            set.Add(number, frame.Time, image, keys);
            using var painted = overlay.Paint(image, keys);
            using var picture = Pictures.ToMat(painted);
            video.Write(picture);
            if (frame.Confidence < least)
            {
                (least, worst, worstTime) = (frame.Confidence, number, frame.Time);
            }

            if (clock.Elapsed > next)
            {
                next = clock.Elapsed + Progress;
                Terminal.Line(
                    Text(
                        $"{set.Count} frames, {frame.Time:F1} s of video ({set.Count / clock.Elapsed.TotalSeconds:F1} frames/s)"
                    )
                );
            }
        }

        video.Complete();
        set.Complete();
        if (skipped > 0)
        {
            Terminal.Line($"{skipped} frame(s) before the first mask have none and were left out");
        }

        Terminal.Line(Text($"{set.Count} masks in {clock.Elapsed.TotalSeconds:F0} s; see '{_folder[Overlay]}'"));
        Terminal.Line(
            Text(
                $"least sure, mean confidence {least:F2}: frame {worst} at {worstTime:F1} s; a mask there helps most (--mask, --mask-at)"
            )
        );
        Terminal.Line($"train on them: tdv segment --train '{set.ListPath}' --classes '{set.ClassesPath}' ...");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _model.Dispose();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private (IDataView Frames, int Height, int Width) Frames()
    {
        try
        {
            var all = _ml.Data.LoadFromVideos(_settings.Input, new() { EveryFrame = true });
            using var first = all.GetColumn<MLImage>(Columns.Frame).First();
            var taken =
                _settings.Every == 1
                    ? all
                    : _ml.Data.FilterByStatefulCustomPredicate<FrameTime, FrameCount>(
                        all,
                        (_, count) => count.Frames++ % _settings.Every != 0,
                        count => count.Frames = 0
                    );
            return (taken, first.Height, first.Width);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    private IEnumerable<(MLImage Image, VBuffer<uint> Keys, float Time, float Confidence)> Carry()
    {
        var masked = _ml.Data.AttachMasks(_frames, _given.Masks, _given.Classes);
        var featurized = _ml
            .Transforms.TdvFeaturize(
                Columns.Features,
                Columns.Frame,
                _model,
                new TdvFeatureOptions { ImageHeight = _size.Height, ImageWidth = _size.Width }
            )
            .Fit(masked)
            .Transform(masked);
        var view = _ml.Data.PropagateMasks(
            featurized,
            new()
            {
                PatchSize = _model.PatchSize,
                ConfidenceColumnName = Confidence,
                MasksMayStartLater = true,
            }
        );
        string output = new PropagationOptions().OutputColumnName;
        using var cursor = view.GetRowCursor([
            view.Schema[Columns.Frame],
            view.Schema[Time],
            view.Schema[output],
            view.Schema[Confidence],
        ]);
        var getImage = cursor.GetGetter<MLImage>(view.Schema[Columns.Frame]);
        var getTime = cursor.GetGetter<float>(view.Schema[Time]);
        var getKeys = cursor.GetGetter<VBuffer<uint>>(view.Schema[output]);
        var getConfidence = cursor.GetGetter<VBuffer<float>>(view.Schema[Confidence]);
        VBuffer<float> confidence = default;
        VBuffer<uint> keys = default;
        float time = 0;
        while (cursor.MoveNext())
        {
            MLImage image = null!;
            getImage(ref image);
            getTime(ref time);
            getKeys(ref keys);
            getConfidence(ref confidence);
            float mean = confidence.Length == 0 ? 0 : TensorPrimitives.Sum(confidence.GetValues()) / confidence.Length;
            yield return (image, keys, time, mean);
        }
    }

    /// <summary>What ML.NET's filter reads of a row: it has to read something.</summary>
    private sealed class FrameTime
    {
        public float Time { get; set; }
    }

    private sealed class FrameCount
    {
        public int Frames { get; set; }
    }
}
