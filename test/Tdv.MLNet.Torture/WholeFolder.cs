using System.Text.Json;
using System.Text.Json.Nodes;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using Tdv.Tool.Pipeline;

namespace Tdv.MLNet.Torture;

/// <summary>Whether every file that commands left in a folder is whole, and all results are of one model: that of the folder.</summary>
internal static class WholeFolder
{
    private static readonly byte[] PictureEnd = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];

    /// <returns>0, or 1 with what is wrong on the error stream.</returns>
    public static int Check(string folder)
    {
        var faults = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (name.Split('/').Contains(".tdv"))
            {
                continue;
            }

            try
            {
                Read(file);
            }
            catch (Exception exception)
            {
                faults.Add($"{name}: {exception.Message}");
            }
        }

        faults.AddRange(Strangers(folder));
        faults.ForEach(Console.Error.WriteLine);
        return faults.Count == 0 ? 0 : 1;
    }

    private static void Read(string file)
    {
        switch (Path.GetExtension(file))
        {
            case ".zip":
                _ = ModelFile.Load(Context.Create(seed: 0), file);
                break;
            case ".safetensors":
                SafetensorsFile.Open(file).Dispose();
                break;
            case ".json":
                JsonDocument.Parse(File.ReadAllText(file)).Dispose();
                break;
            case ".png":
                using (var picture = Cv2.ImRead(file, ImreadModes.Unchanged))
                {
                    Require(
                        !picture.Empty() && File.ReadAllBytes(file).AsSpan().EndsWith(PictureEnd),
                        "half a picture"
                    );
                }

                break;
            case ".mp4":
                using (var video = new VideoCapture(file, VideoCaptureAPIs.FFMPEG))
                using (var frame = new Mat())
                {
                    int frames = 0;
                    while (video.Read(frame))
                    {
                        frames++;
                    }

                    Require(frames > 0 && frames == video.FrameCount, $"{frames} of {video.FrameCount} frames");
                }

                break;
            case ".html":
                Require(File.ReadAllText(file).TrimEnd().EndsWith("</html>", StringComparison.Ordinal), "half a page");
                break;
            default:
                Require(!file.EndsWith(AtomicFile.TemporaryExtension, StringComparison.Ordinal), "left half written");
                break;
        }
    }

    /// <summary>Results of another model than the one in the folder, or, where there is none, than the first result's.</summary>
    private static IEnumerable<string> Strangers(string folder)
    {
        using var own = OwnFolder.Join(folder);
        string zip = Path.Combine(folder, Segmentation.ModelName);
        var named = own
            .Files.Where(file => file.Model is not null)
            .Select(file => (file.Name, Model: file.Model!))
            .ToList();
        foreach (string file in new[] { FiguresFile.Metrics, Tdv.Tool.Pipeline.Evaluation.FileName })
        {
            string path = Path.Combine(folder, file);
            if (File.Exists(path))
            {
                named.Add((file, (string)JsonNode.Parse(File.ReadAllText(path))!["model"]!));
            }
        }

        string? model = File.Exists(zip) ? ModelHash.Of(zip) : named.Select(result => result.Model).FirstOrDefault();
        return named
            .Where(result => result.Model != model)
            .Select(result =>
                $"{result.Name}: of the model {ModelHash.Short(result.Model)}, not of {ModelHash.Short(model!)}"
            );
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidDataException(fault);
        }
    }
}
