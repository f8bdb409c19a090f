namespace Tdv.Samples.Demo;

/// <summary>Smooth noise from 0 to 1 that repeats every <see cref="Texture.Size"/> pixels.</summary>
public sealed class ValueNoise
{
    private readonly float[] _lattice;
    private readonly int _cells;
    private readonly float _scale;

    /// <param name="random">Source of the values.</param>
    /// <param name="cells">Random values along each side; fewer make the noise coarser.</param>
    public ValueNoise(Random random, int cells)
    {
        _cells = cells;
        _scale = (float)cells / Texture.Size;
        _lattice = new float[cells * cells];
        for (int i = 0; i < _lattice.Length; i++)
        {
            _lattice[i] = random.NextSingle();
        }
    }

    public float At(float x, float y)
    {
        (int left, float right) = Split(x * _scale);
        (int top, float down) = Split(y * _scale);
        float upper = float.Lerp(Value(left, top), Value(left + 1, top), right);
        float lower = float.Lerp(Value(left, top + 1), Value(left + 1, top + 1), right);
        return float.Lerp(upper, lower, down);
    }

    private static (int Cell, float Part) Split(float position)
    {
        int cell = (int)MathF.Floor(position);
        float part = position - cell;
        return (cell, part * part * (3 - (2 * part)));
    }

    private float Value(int x, int y) => _lattice[(Wrap(y) * _cells) + Wrap(x)];

    private int Wrap(int index) => ((index % _cells) + _cells) % _cells;
}
