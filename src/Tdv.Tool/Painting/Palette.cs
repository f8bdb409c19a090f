using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Painting;

/// <summary>The classes of a mask column, entry k − 1 for key k, as its annotations tell.</summary>
/// <param name="Names">Names.</param>
/// <param name="Ids">Pixel values in label pictures.</param>
/// <param name="Colors">Blue, green, red.</param>
internal sealed record Palette(IReadOnlyList<string> Names, IReadOnlyList<byte> Ids, IReadOnlyList<Vec3b> Colors)
{
    /// <exception cref="UserException">The column says nothing about its classes.</exception>
    public static Palette Of(DataViewSchema.Column column) =>
        new(
            [.. Read<ReadOnlyMemory<char>>(column, "KeyValues").Select(name => name.ToString())],
            [.. Read<int>(column, "ClassIds").Select(id => (byte)id)],
            [
                .. Read<uint>(column, "ClassColors")
                    .Select(color => new Vec3b((byte)color, (byte)(color >> 8), (byte)(color >> 16))),
            ]
        );

    private static T[] Read<T>(DataViewSchema.Column column, string name)
    {
        if (column.Annotations.Schema.GetColumnOrNull(name) is null)
        {
            throw new UserException(
                $"The model's column '{column.Name}' does not tell its classes ('{name}'); is it one that tdv has saved?"
            );
        }

        VBuffer<T> values = default;
        column.Annotations.GetValue(name, ref values);
        return [.. values.DenseValues()];
    }
}
