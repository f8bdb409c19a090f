using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>Matches the cells of one row of data.</summary>
/// <param name="settings">Where and how.</param>
/// <param name="shape">Rows, columns and depth of both grids.</param>
/// <param name="getFrom">The frame whose cells are sought.</param>
/// <param name="getTo">The frame in which they are sought.</param>
internal sealed class MatchKernel(
    MatchSettings settings,
    IReadOnlyList<int> shape,
    ValueGetter<VBuffer<float>> getFrom,
    ValueGetter<VBuffer<float>> getTo
) : BatchKernel
{
    private readonly FeatureGrid _from = new(shape[0], shape[1], shape[2]);
    private readonly FeatureGrid _to = new(shape[0], shape[1], shape[2]);
    private readonly (float Y, float X)[] _moves = new (float, float)[shape[0] * shape[1]];
    private readonly (float Y, float X)[] _other = new (float, float)[shape[0] * shape[1]];
    private readonly bool[] _found = new bool[shape[0] * shape[1]];
    private readonly CellMatcher _matcher = new(settings.Window(shape[0], shape[1]), settings);
    private VBuffer<float> _features;

    public override void Read(int slot)
    {
        Read(getFrom, _from);
        Read(getTo, _to);
    }

    public override void Compute(int count)
    {
        _matcher.Match(_from, _to, _moves);
        if (settings.ValidColumn is null && settings.Smoothing == 0)
        {
            return;
        }

        _matcher.Backward.Match(_to, _from, _other);
        WayBack.Check(_moves, _other, shape[0], shape[1], settings.Tolerance, _found);
        if (settings.Smoothing > 0)
        {
            MedianSmoothing.Run(_moves, shape[0], shape[1], _found, settings.Smoothing, _other);
            _other.CopyTo(_moves, 0);
        }
    }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                slot();
                Getters.Copy(
                    output == 1 ? [.. _found.Select(found => found ? 1f : 0)]
                        : settings.AlongRow ? [.. _moves.Select(move => -move.X * settings.CellWidth)]
                        : Flow(),
                    ref value
                );
            }
        );

    public override void Dispose() { }

    private float[] Flow() =>
        [.. _moves.SelectMany(move => (float[])[move.X * settings.CellWidth, move.Y * settings.CellHeight])];

    private void Read(ValueGetter<VBuffer<float>> getter, FeatureGrid grid)
    {
        getter(ref _features);
        Getters.Densify(ref _features);
        grid.Set(_features.GetValues());
    }
}
