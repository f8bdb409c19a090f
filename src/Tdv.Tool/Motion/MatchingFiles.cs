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
        using var folder = OutputFolder.Open(output);
        using var contender = Load();
        using var matching = Matching(contender);
        var flow = matching.Flow(from, to);
        Write(folder, flow, Path.GetFileNameWithoutExtension(from), FlowColors.Fit([flow]));
    }

    /// <summary>Flow of each pair of a video's frames.</summary>
    public void WriteFlows(string video, CancellationToken cancellation)
    {
        var frames = Frames(video);
        using var folder = OutputFolder.Open(output);
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
            Write(folder, flow, FormattableString.Invariant($"{UniqueNames.Of(video)}.{++count:D5}"), colors);
        }
    }

    public void WriteDisparity(string left, string right)
    {
        _ = PicturePair.SizeOf(left, right);
        using var folder = OutputFolder.Open(output);
        using var contender = Load();
        using var matching = Matching(contender);
        var map = matching.Disparity(left, right);
        string name = Path.GetFileNameWithoutExtension(left);
        Take(folder, $"{name}.pfm", path => map.Save(path));
        Take(folder, $"{name}.png", path => map.Save(path));
        using var image = DisparityPicture.Paint(map, map);
        using var picture = Pictures.ToMat(image);
        folder.Write($"{name}.color.png", picture);
        Terminal.Line($"wrote '{folder[name]}.pfm', .png and .color.png");
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

    private static void Write(OutputFolder folder, FlowField flow, string name, FlowColors colors)
    {
        Take(folder, $"{name}.flo", flow.Save);
        Take(folder, $"{name}.png", flow.Save);
        using var image = colors.Paint(flow);
        using var picture = Pictures.ToMat(image);
        folder.Write($"{name}.color.png", picture);
        Terminal.Line($"wrote '{folder[name]}.flo', .png and .color.png");
    }

    /// <summary>A field knows by the ending how it is to be written.</summary>
    private static void Take(OutputFolder folder, string name, Action<string> save)
    {
        string temporary = folder.Beside(Path.GetExtension(name));
        save(temporary);
        folder.Take(temporary, name);
    }
}
