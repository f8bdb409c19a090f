using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>
/// Synthetic rows: 8×6 pixel pictures over a grid of 4×3 cells with 4 features. A cell's class is where its feature is
/// largest among the first three, up to noise; the fourth is a badly scaled copy of the first.
/// </summary>
internal sealed class Scene
{
    public const int GridHeight = 3;
    public const int GridWidth = 4;
    public const int Depth = 4;
    public const int Height = 6;
    public const int Width = 8;

    public static readonly MaskClass[] Classes =
    [
        new(0, "Sky", 128, 128, 128),
        new(1, "Road", 128, 64, 128),
        new(2, "Tree", 128, 128, 0),
        new(3, "Ghost", 1, 2, 3),
        new(9, "Void", 0, 0, 0, Ignore: true),
    ];

    [VectorType(GridHeight, GridWidth, Depth)]
    public float[] Features { get; set; } = [];

    [ImageType(Height, Width)]
    public MLImage Frame { get; set; } = null!;

    public uint[] Mask { get; set; } = [];

    public static IDataView View(MLContext ml, int count, Action<Scene, int>? change = null, int seed = 5)
    {
        var schema = SchemaDefinition.Create(typeof(Scene));
        var legend = MaskLegend.Of(Classes);
        var mask = schema[nameof(Mask)];
        mask.ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), (ulong)legend.Count));
        return new AnnotatedView(ml.Data.LoadFromEnumerable(Rows(count, change, seed), schema), legend);
    }

    public static Scene[] Rows(int count, Action<Scene, int>? change = null, int seed = 5)
    {
        var random = new Random(seed);
        return Enumerable
            .Range(0, count)
            .Select(i =>
            {
                var row = Create(random);
                change?.Invoke(row, i);
                return row;
            })
            .ToArray();
    }

    private static Scene Create(Random random)
    {
        var features = new float[GridHeight * GridWidth * Depth];
        var mask = new uint[Height * Width];
        for (var cell = 0; cell < GridHeight * GridWidth; cell++)
        {
            var c = random.Next(3);
            for (var i = 0; i < 3; i++)
            {
                features[cell * Depth + i] = (i == c ? 3 : 0) + random.NextSingle();
            }

            features[cell * Depth + 3] = 1000 * (features[cell * Depth] + 0.1f * random.NextSingle());
            for (var p = 0; p < 4; p++)
            {
                mask[(2 * (cell / GridWidth) + p / 2) * Width + 2 * (cell % GridWidth) + p % 2] = (uint)c + 1;
            }
        }

        return new Scene
        {
            Features = features,
            Mask = mask,
            Frame = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, new byte[Width * Height * 4]),
        };
    }
}
