using Microsoft.ML.Data;

namespace Tdv.MLNet.Tests.Motion;

/// <summary>Flow on grids of two sizes.</summary>
internal sealed class TwoGrids
{
    [VectorType(MovedPair.Rows, MovedPair.Columns, 2)]
    public float[] TrueFlow { get; set; } = [];

    [VectorType(MovedPair.Rows / 2, MovedPair.Columns / 2, 2)]
    public float[] Estimate { get; set; } = [];
}
