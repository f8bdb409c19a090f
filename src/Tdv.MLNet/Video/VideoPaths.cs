using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>What the user named, resolved to video files and folders of numbered frames, and everything wrong with it.</summary>
internal sealed class VideoPaths
{
    private readonly List<string> _videos = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _leftOut = [];

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
        _videos = [.. _videos.DistinctBy(RealPath.Of)];
    }

    /// <summary>Files, and folders of numbered frames, each once whatever links lead to it, in the order given.</summary>
    public IReadOnlyList<string> Videos => _videos;

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What folders and patterns hold beside the videos that are read, a sentence for each.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    private void Add(string entry)
    {
        if (string.IsNullOrWhiteSpace(entry))
        {
            _faults.Add("The list of videos has an empty entry. Remove it.");
        }
        else if (Directory.Exists(entry))
        {
            AddFolder(entry);
        }
        else if (File.Exists(entry))
        {
            AddFile(entry);
        }
        else if (!Glob.IsPattern(entry))
        {
            _faults.Add(
                $"{Shown.Name(entry)} does not exist. Name a video file, a folder or a pattern such as 'clips/*.mp4'."
            );
        }
        else
        {
            AddMatches(entry);
        }
    }

    private void AddFile(string file)
    {
        if (MediaEndings.IsPicture(file))
        {
            _faults.Add(PictureFault(file));
        }
        else
        {
            _videos.Add(file);
        }
    }

    /// <summary>An extension in the pattern is the user's word for what a video is; without one, known extensions count.</summary>
    private void AddMatches(string pattern)
    {
        string extension = Path.GetExtension(pattern);
        bool hasExtension = extension.Length > 1 && !Glob.IsPattern(extension);
        List<string> matches = Glob.Files(pattern);
        List<string> files = hasExtension ? matches : matches.FindAll(MediaEndings.IsVideo);
        if (files.Count == 0)
        {
            string unread = matches.Count == 0 ? "" : $" {matches.Count} files match that are none.";
            _faults.Add(
                $"No video matches {Shown.Name(pattern)} (in {Shown.Name(Directory.GetCurrentDirectory())}). Check the folder "
                    + $"and the pattern.{unread}"
            );
        }
        else if (files.Find(MediaEndings.IsPicture) is { } picture)
        {
            _faults.Add(PictureFault(picture));
        }
        else
        {
            _videos.AddRange(files);
            if (files.Count < matches.Count)
            {
                int others = matches.Count - files.Count;
                _leftOut.Add(
                    $"{Shown.Name(pattern)}: {FolderFiles.Count(files.Count, "video")}, {FolderFiles.Count(others, "file")} "
                        + $"left out that are no videos, such as {Shown.Name(matches.Except(files).First())}."
                );
            }
        }
    }

    private void AddFolder(string folder)
    {
        FolderFiles files;
        try
        {
            files = new FolderFiles(folder);
        }
        catch (UnauthorizedAccessException error)
        {
            _faults.Add($"Folder {Shown.Name(folder)} cannot be read: {error.Message}");
            return;
        }

        List<string> frames = FrameFolder.Frames(files);
        if (files.Videos.Count > 0 && frames.Count > 1)
        {
            _faults.Add(
                $"Folder {Shown.Name(folder)} holds both videos ({files.Videos.Count}) and numbered pictures ({frames.Count}). "
                    + "Name the videos with a pattern such as '*.mp4', or move the pictures to a folder of their own."
            );
        }
        else if (files.Videos.Count > 0)
        {
            _videos.AddRange(files.Videos);
            Say(
                folder,
                FolderFiles.Count(files.Videos.Count, "video"),
                files.LeftOut((files.Pictures.Count, files.Pictures.Count == 1 ? "picture" : "pictures"))
            );
        }
        else if (FrameFolder.Fault(folder, frames) is { } fault)
        {
            string? found = files.LeftOut((files.Pictures.Count - frames.Count, "pictures without a number"));
            _faults.Add(found is null || frames.Count > 0 ? fault : $"{fault[..^1]}: {found}.");
        }
        else
        {
            _videos.Add(folder);
            int unnumbered = files.Pictures.Count - frames.Count;
            Say(
                folder,
                $"a video of {FolderFiles.Count(frames.Count, "picture")}",
                files.LeftOut((unnumbered, "without a number"))
            );
        }
    }

    private void Say(string folder, string read, string? leftOut)
    {
        if (leftOut is not null)
        {
            _leftOut.Add($"Folder {Shown.Name(folder)}: {read}, {leftOut}.");
        }
    }

    private static string PictureFault(string file) =>
        $"{Shown.Name(file)} is a picture, not a video. For numbered frames name their folder.";
}
