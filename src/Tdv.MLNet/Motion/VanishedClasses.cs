namespace Tdv.MLNet.Motion;

/// <summary>Tells of classes that a video had and that no pixel has any more, each once in a video.</summary>
internal sealed class VanishedClasses(IReadOnlyList<string> classes, Action<string> warn)
{
    private readonly bool[] _had = new bool[classes.Count + 1];
    private readonly bool[] _told = new bool[classes.Count + 1];
    private readonly bool[] _has = new bool[classes.Count + 1];

    public void Restart()
    {
        Array.Clear(_had);
        Array.Clear(_told);
    }

    public void Look(ReadOnlySpan<uint> keys, string video)
    {
        Array.Clear(_has);
        foreach (uint key in keys)
        {
            _has[key] = true;
        }

        for (int key = 1; key < _has.Length; key++)
        {
            if (_had[key] && !_has[key] && !_told[key])
            {
                _told[key] = true;
                warn(
                    $"Class '{classes[key - 1]}' has vanished from {video}: it may be out of sight, or lost. A mask given in "
                        + "a later frame brings it back."
                );
            }

            _had[key] |= _has[key];
        }
    }
}
