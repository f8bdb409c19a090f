namespace Tdv.MLNet.Video;

/// <summary>What the user named, resolved to video files and folders of numbered frames, and everything wrong with it.</summary>
internal sealed class VideoPaths
{
    private static readonly string[] Extensions =
        ".mp4 .m4v .mov .avi .mkv .webm .mpg .mpeg .wmv .flv .ts .m2ts .mts .3gp .ogv .vob".Split(' ');

    private readonly List<string> _videos = [];
    private readonly List<string> _faults = [];

    public VideoPaths(IEnumerable<string> pathsOrGlobs)
    {
        string[] entries = [.. pathsOrGlobs];
        Array.ForEach(entries, Add);
        if (entries.Length == 0)
        {
            _faults.Add(
                "The list of videos is empty. Name at least one video file, folder or pattern such as 'clips/*.mp4'."
            );
        }
        _videos = [.. _videos.DistinctBy(Path.GetFullPath)];
    }

    /// <summary>Files, and folders of numbered frames, each once, in the order given.</summary>
    public IReadOnlyList<string> Videos => _videos;

    public IReadOnlyList<string> Faults => _faults;

    private void Add(string entry)
    {
        if (string.IsNullOrWhiteSpace(entry))
        {
            _faults.Add("The list of videos has an empty entry. Remove it.");
        }
        else if (File.Exists(entry))
        {
            AddFiles([entry], entry);
        }
        else if (Directory.Exists(entry))
        {
            AddFolder(entry);
        }
        else if (!Glob.IsPattern(entry))
        {
            _faults.Add($"'{entry}' does not exist. Name a video file, a folder or a pattern such as 'clips/*.mp4'.");
        }
        else
        {
            AddFiles(MatchingVideos(entry), entry);
        }
    }

    private void AddFiles(List<string> files, string entry)
    {
        if (files.Count == 0)
        {
            _faults.Add(
                $"No video matches '{entry}' (in '{Directory.GetCurrentDirectory()}'). Check the folder and the pattern."
            );
        }
        else if (files.Find(FrameFolder.IsPicture) is { } picture)
        {
            _faults.Add($"'{picture}' is a picture, not a video. For numbered frames name their folder.");
        }
        else
        {
            _videos.AddRange(files);
        }
    }

    /// <summary>An extension in the pattern is the user's word for what a video is; without one, known extensions count.</summary>
    private static List<string> MatchingVideos(string pattern)
    {
        string extension = Path.GetExtension(pattern);
        List<string> files = Glob.Files(pattern);
        return extension.Length > 1 && !Glob.IsPattern(extension) ? files : files.FindAll(IsVideo);
    }

    private void AddFolder(string folder)
    {
        List<string> files = [.. Directory.EnumerateFiles(folder).Where(IsVideo).InNaturalOrder()];
        List<string> frames = FrameFolder.Frames(folder);
        if (files.Count > 0 && frames.Count > 0)
        {
            _faults.Add(
                $"Folder '{folder}' holds both videos ({files.Count}) and numbered pictures ({frames.Count}). Name the videos "
                    + "with a pattern such as '*.mp4', or move the pictures to a folder of their own."
            );
        }
        else if (files.Count > 0)
        {
            _videos.AddRange(files);
        }
        else if (FrameFolder.Fault(folder, frames) is { } fault)
        {
            _faults.Add(fault);
        }
        else
        {
            _videos.Add(folder);
        }
    }

    private static bool IsVideo(string file) =>
        Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
