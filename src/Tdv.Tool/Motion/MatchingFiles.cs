using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Seeing;

namespace Tdv.Tool.Motion;

/// <summary>Writes flow and disparity as files that other programs read, and as colors.</summary>
/// <param name="model">Weights, a run or a model.</param>
/// <param name="output">The folder.</param>
/// <param name="scale">Features are computed of pictures so many times as large.</param>
/// <param name="reach">Pixels.</param>
internal sealed class MatchingFiles(string model, string output, double scale, int reach)
{
    private readonly MLContext _ml = Context.Create(seed: 0);

    public void WriteFlow(string from, string to)
    {
        _ = PicturePair.SizeOf(from, to);
        OutputFolder.Prepare(output);
        using var contender = Load();
        using var matching = Matching(contender);
        var flow = matching.Flow(from, to);
        Write(flow, Path.GetFileNameWithoutExtension(from), FlowColors.Fit([flow]));
    }

    /// <summary>Flow of each pair of a video's frames.</summary>
    public void WriteFlows(string video, CancellationToken cancellation)
    {
        var frames = Frames(video);
        OutputFolder.Prepare(output);
        int height;
        int width;
        using (var first = frames.GetColumn<MLImage>(Columns.Frame).First())
        {
            (height, width) = (first.Height, first.Width);
        }

        using var contender = Load();
        int count = 0;
        // Of all pairs alike, so that a color means the same in each.
        var colors = new FlowColors(reach);
        using var matching = Matching(contender);
        foreach (var flow in matching.Flows(frames, height, width))
        {
            cancellation.ThrowIfCancellationRequested();
            Write(flow, FormattableString.Invariant($"{UniqueNames.Of(video)}.{++count:D5}"), colors);
        }
    }

    public void WriteDisparity(string left, string right)
    {
        _ = PicturePair.SizeOf(left, right);
        OutputFolder.Prepare(output);
        using var contender = Load();
        using var matching = Matching(contender);
        var map = matching.Disparity(left, right);
        string path = Path.Combine(output, Path.GetFileNameWithoutExtension(left));
        map.Save($"{path}.pfm");
        map.Save($"{path}.png");
        using var image = DisparityPicture.Paint(map, map);
        using var picture = Pictures.ToMat(image);
        Pictures.Write($"{path}.color.png", picture);
        Terminal.Line($"wrote '{path}.pfm', .png and .color.png");
    }

    private IDataView Frames(string video)
    {
        try
        {
            var options = new VideoOptions
            {
                FrameInterval = Defaults.FrameInterval,
                RowInterval = Defaults.FrameInterval,
            };
            return _ml.Data.LoadFromVideos(video, options);
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    private Contender Load()
    {
        var network = ModelSource.Load(_ml, model);
        return new(Contender.Trained, network.PatchSize, network);
    }

    private FeatureMatching Matching(Contender contender) => new(_ml, contender, scale, reach);

    private void Write(FlowField flow, string name, FlowColors colors)
    {
        string path = Path.Combine(output, name);
        flow.Save($"{path}.flo");
        flow.Save($"{path}.png");
        using var image = colors.Paint(flow);
        using var picture = Pictures.ToMat(image);
        Pictures.Write($"{path}.color.png", picture);
        Terminal.Line($"wrote '{path}.flo', .png and .color.png");
    }
}
