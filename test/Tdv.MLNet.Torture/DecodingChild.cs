using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.Torture;

/// <summary>Decodes the files of a folder one after another and prints a line for each.</summary>
internal static class DecodingChild
{
    private const int MaxRows = 4;
    private const long MaxResident = 4L << 30;

    public static int Run(string kind, string folder, int from)
    {
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal).Skip(from))
        {
            Console.WriteLine(Decode(kind, file));
            if (Environment.WorkingSet > MaxResident)
            {
                Console.WriteLine($"lost {Environment.WorkingSet} bytes resident");
            }
        }

        return 0;
    }

    private static string Decode(string kind, string file)
    {
        try
        {
            return kind switch
            {
                "videos" => Video(file),
                "images" => Image(file),
                _ => Mask(file),
            };
        }
        catch (Exception exception) when (IsDocumented(kind, exception))
        {
            return "refused";
        }
#pragma warning disable CA1031 // every other exception is what is searched for
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"lost {exception.ToString().ReplaceLineEndings(" ")}";
        }
    }

    private static bool IsDocumented(string kind, Exception exception) =>
        kind switch
        {
            "videos" => exception is InvalidOperationException
                && exception.Message.StartsWith("No frame pair could be read", StringComparison.Ordinal),
            _ => exception is InvalidDataException,
        };

    private static string Video(string file)
    {
        var ml = new MLContext(1);
        var view = ml.Data.LoadFromVideos(file, new VideoOptions { FrameInterval = 0.1 });
        int rows = ml.Data.TakeRows(view, MaxRows).GetColumn<MLImage>("Frame").Count();
        return rows > 0 ? "read" : "refused";
    }

    private static string Image(string file)
    {
        var ml = new MLContext(1);
        var names = ml.Data.LoadFromEnumerable([new Name { Path = file }]);
        var images = ml.Transforms.LoadPictures("Frame", "", nameof(Name.Path)).Fit(names).Transform(names);
        return images.GetColumn<MLImage>("Frame").Select(image => image.Width).Single() > 0 ? "read" : "refused";
    }

    private static string Mask(string file) => MaskFile.Read(file).Pixels > 0 ? "read" : "refused";

    private sealed class Name
    {
        public string Path { get; set; } = "";
    }
}
