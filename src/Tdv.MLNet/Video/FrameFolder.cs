using OpenCvSharp;
using SkiaSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>A folder of numbered pictures, read as a video of constant rate.</summary>
internal sealed class FrameFolder : FrameStream
{
    private readonly List<string> _files;
    private readonly (int Height, int Width)? _enough;

    /// <param name="path">The folder.</param>
    /// <param name="options">
    /// Their rate; and where frames are made smaller anyway, the size that is: JPEGs are decoded at the smallest of their own
    /// scales that is no smaller.
    /// </param>
    /// <exception cref="InvalidDataException">The folder holds no numbered pictures.</exception>
    public FrameFolder(string path, VideoOptions options)
        : base(path)
    {
        _enough = options is { FrameHeight: { } height, FrameWidth: { } width } ? (height, width) : null;
        double rate = options.FrameFolderRate;
        _files = Frames(path);
        if (_files.Count == 0)
        {
            throw new InvalidDataException($"{Shown.Name(path)} holds no numbered pictures.");
        }
        Rate = rate;
        AnnouncedDuration = _files.Count / rate;
    }

    /// <summary>The numbered pictures of a folder, in the order of their numbers.</summary>
    public static List<string> Frames(string folder) => Frames(new FolderFiles(folder));

    /// <inheritdoc cref="Frames(string)"/>
    public static List<string> Frames(FolderFiles files) => [.. files.Pictures.Where(IsNumbered)];

    /// <summary>What keeps a folder's pictures from being a video, or null. Reads the pictures' headers only.</summary>
    public static string? Fault(string folder, IReadOnlyList<string> frames)
    {
        if (frames.Count < 2)
        {
            return frames.Count == 0
                ? $"Folder {Shown.Name(folder)} holds neither videos nor numbered pictures ({MediaEndings.PictureList})."
                : $"Folder {Shown.Name(folder)} holds a single frame, {Shown.Name(frames[0])}; a row needs a frame and its predecessor.";
        }
        if (FrameSeries.Fault(folder, frames) is { } series)
        {
            return series;
        }
        (string File, SKSizeI Size)[] known =
        [
            .. frames
                .Select(file => (file, Size: SizeOf(file)))
                .Where(f => f.Size is not null)
                .Select(f => (f.file, f.Size!.Value)),
        ];
        int other = Array.FindIndex(known, frame => frame.Size != known[0].Size);
        return other < 0
            ? null
            : $"Folder {Shown.Name(folder)} holds frames of two sizes: {Shown.Name(known[0].File)} is {Text(known[0].Size)}, "
                + $"{Shown.Name(known[other].File)} is {Text(known[other].Size)} pixels. Keep each video's frames in a folder of its own.";
    }

    public override string FrameName =>
        FormattableString.Invariant($"{Shown.Name(_files[(int)Grabbed - 1])} at {Time:0.###} s");

    public override bool Retrieve(Mat frame)
    {
        try
        {
            using var file = PictureFile.Open(RealPath.Of(_files[(int)Grabbed - 1]));
            using var image = file.Decode(_enough);
            using var pixels = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
            Cv2.CvtColor(pixels, frame, ColorConversionCodes.BGRA2BGR);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    public override void Dispose() { }

    protected override bool GrabNext()
    {
        Time = Grabbed / Rate;
        return Grabbed < _files.Count;
    }

    private static bool IsNumbered(string file) =>
        System.IO.Path.GetFileNameWithoutExtension(file).Any(char.IsAsciiDigit);

    /// <summary>Null if the picture is damaged: that is found, and said, when it is read.</summary>
    private static SKSizeI? SizeOf(string file)
    {
        try
        {
            using var picture = PictureFile.Open(RealPath.Of(file));
            return new SKSizeI(picture.Width, picture.Height);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static string Text(SKSizeI size) => $"{size.Width}×{size.Height}";
}
