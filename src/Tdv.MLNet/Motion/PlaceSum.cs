namespace Tdv.MLNet.Motion;

/// <summary>A mean of places, by weight.</summary>
internal struct PlaceSum
{
    private double _weight;
    private double _y;
    private double _x;

    public readonly double Y => _y / _weight;

    public readonly double X => _x / _weight;

    public void Add(int y, int x, double weight)
    {
        _weight += weight;
        _y += weight * y;
        _x += weight * x;
    }
}
