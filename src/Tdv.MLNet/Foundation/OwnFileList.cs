using System.Text.Json;

namespace Tdv.MLNet.Foundation;

/// <summary>
/// Which files of a folder are its own: a line of JSON for each, appended before the file gets its name, so that a kill
/// leaves none that nobody knows of.
/// </summary>
/// <param name="path">The list.</param>
internal sealed class OwnFileList(string path)
{
    /// <summary>Of a million files; nobody's list is longer.</summary>
    private const long MostBytes = 256L << 20;
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly Dictionary<string, List<OwnFile>> _files = new(StringComparer.Ordinal);

    private int _lines;
    private bool _isCut;

    /// <summary>By name; several where it is not known whether the last one got its name.</summary>
    public IReadOnlyDictionary<string, List<OwnFile>> Files => _files;

    /// <summary>Reads the list; none is an empty one.</summary>
    /// <returns>Whether all of it could be read, but for a last line that a kill cut short.</returns>
    public bool Read()
    {
        _files.Clear();
        (_lines, _isCut) = (0, false);
        if (!File.Exists(path))
        {
            return true;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > MostBytes)
        {
            return false;
        }

        string[] lines = new StreamReader(stream).ReadToEnd().Split('\n');
        foreach (string line in lines[..^1])
        {
            if (Parse(line) is not { } file)
            {
                return false;
            }

            Remember(file);
            _lines++;
        }

        _isCut = lines[^1].Length > 0;
        return true;
    }

    /// <summary>Adds a line, whole or not at all.</summary>
    public void Append(OwnFile file)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(file, Names), (byte)'\n'];
        // Without a buffer, which would be written once more when the file is closed.
        using (
            var stream = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.ReadWrite,
                bufferSize: 0
            )
        )
        {
            long end = EndOfLines(stream);
            try
            {
                stream.SetLength(end);
                stream.Position = end;
                stream.Write(line);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // A full disk takes a part of it.
                stream.SetLength(end);
                throw;
            }
        }

        Remember(file);
    }

    /// <summary>Says that a file got its name: what the name led to before is gone.</summary>
    public void Settle(OwnFile file) => _files[file.Name] = [file];

    /// <summary>Writes the list anew, without what is not there any more, unless all of it is of use.</summary>
    /// <param name="pathOf">The path of a name.</param>
    public void Compact(Func<string, string> pathOf)
    {
        foreach (var (name, known) in _files.ToArray())
        {
            string path = pathOf(name);
            if (!Path.Exists(path))
            {
                _files.Remove(name);
            }
            else if (known.FindLast(file => file.LooksLike(path)) is { } last)
            {
                Settle(last);
            }
        }

        if (!_isCut && _lines == _files.Values.Sum(files => files.Count) && _lines > 0)
        {
            return;
        }

        AtomicFile.Write(
            path,
            stream =>
            {
                foreach (var file in _files.Values.SelectMany(files => files))
                {
                    JsonSerializer.Serialize(stream, file, Names);
                    stream.WriteByte((byte)'\n');
                }
            }
        );
    }

    /// <summary>What a kill left of a last line is written over.</summary>
    private static long EndOfLines(FileStream stream)
    {
        for (long end = stream.Length; end > 0; end--)
        {
            stream.Position = end - 1;
            if (stream.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }

    private void Remember(OwnFile file)
    {
        if (file.Removed)
        {
            _files.Remove(file.Name);
        }
        else if (_files.TryGetValue(file.Name, out var known))
        {
            known.Add(file);
        }
        else
        {
            _files[file.Name] = [file];
        }
    }

    private static OwnFile? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<OwnFile>(line, Names) is { IsPossible: true } file ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
