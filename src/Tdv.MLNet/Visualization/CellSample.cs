using MathNet.Numerics.LinearAlgebra;

namespace Tdv.MLNet.Visualization;

/// <summary>Features of cells, evenly chosen from however many grids come: the same each time.</summary>
internal sealed class CellSample(int dimension)
{
    private const int Limit = 8192;
    private readonly List<float[]> _cells = [];
    private int _distance = 1;
    private int _seen;

    public int Dimension => dimension;

    /// <param name="grid"><c>[cells × D]</c></param>
    public void Add(ReadOnlySpan<float> grid)
    {
        for (int start = 0; start < grid.Length; start += dimension)
        {
            if (_seen++ % _distance == 0)
            {
                _cells.Add(grid.Slice(start, dimension).ToArray());
                if (_cells.Count > Limit)
                {
                    Thin();
                }
            }
        }
    }

    /// <returns><c>[cells, D]</c></returns>
    public Matrix<float> ToMatrix() => Matrix<float>.Build.DenseOfRowArrays(_cells);

    private void Thin()
    {
        int index = 0;
        _cells.RemoveAll(_ => index++ % 2 == 1);
        _distance *= 2;
    }
}
