using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Tests.Motion;

/// <summary>Grids of 8 × 8 cells cut out of a world in which no two cells are alike; a cell is 10 × 10 pixels.</summary>
internal sealed class TrackScene
{
    public const int Cells = 8;
    public const int Depth = 32;
    private const int World = 40;
    private readonly float[] _world = new float[World * World * Depth];

    public TrackScene(int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < _world.Length; i++)
        {
            _world[i] = random.NextSingle() - 0.5f;
        }
    }

    public sealed class Row
    {
        public string Video { get; set; } = "";

        [VectorType(Cells, Cells, Depth)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>Options for pictures of 80 × 80 pixels.</summary>
    public static TrackingOptions Options =>
        new()
        {
            PictureHeight = 80,
            PictureWidth = 80,
            Temperature = 0.01,
            DistancePenalty = 0.01,
            LeastCosine = 0.5,
            MaxCycleDistance = 2.5,
        };

    /// <summary>What a camera sees whose left upper corner is at a cell of the world.</summary>
    public Row See(int row, int column, string video = "a")
    {
        var features = new float[Cells * Cells * Depth];
        for (int y = 0; y < Cells; y++)
        {
            Array.Copy(_world, (((row + y) * World) + column) * Depth, features, y * Cells * Depth, Cells * Depth);
        }

        return new Row { Video = video, Features = features };
    }

    public static List<(float[] Tracks, bool[] Visible)> Follow(
        MLContext ml,
        IEnumerable<Row> rows,
        IReadOnlyList<TrackQuery> points,
        TrackingOptions? options = null
    )
    {
        var view = ml.Data.TrackPoints(ml.Data.LoadFromEnumerable(rows), points, options ?? Options);
        return [.. view.GetColumn<float[]>("Tracks").Zip(view.GetColumn<bool[]>("Visible"))];
    }
}
