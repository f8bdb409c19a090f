using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

/// <summary>
/// What the keys of a mask column mean: entry k-1 belongs to key k. It travels as the column's annotations KeyValues,
/// ClassIds and ClassColors (0xRRGGBB).
/// </summary>
internal sealed record MaskLegend(string[] Names, int[] Ids, uint[] Colors)
{
    public const string KeyValues = "KeyValues";
    public const string ClassIds = "ClassIds";
    public const string ClassColors = "ClassColors";

    public int Count => Names.Length;

    public static MaskLegend Of(IEnumerable<MaskClass> classes)
    {
        var used = classes.Where(c => !c.Ignore).ToArray();
        return new(
            used.Select(c => c.Name).ToArray(),
            used.Select(c => c.Id).ToArray(),
            used.Select(c => (uint)((c.Red << 16) | (c.Green << 8) | c.Blue)).ToArray()
        );
    }

    /// <summary>Reads a key column's legend; without annotations names and ids are numbers from 0, the colors distinct grays.</summary>
    public static MaskLegend Of(DataViewSchema.Column column)
    {
        var key = (KeyDataViewType)((column.Type as VectorDataViewType)?.ItemType ?? column.Type);
        var count = checked((int)key.Count);
        var numbers = Enumerable.Range(0, count).ToArray();
        return new(
            Read<ReadOnlyMemory<char>>(column, KeyValues, count)?.Select(name => name.ToString()).ToArray()
                ?? numbers.Select(i => $"{i}").ToArray(),
            Read<int>(column, ClassIds, count) ?? numbers,
            Read<uint>(column, ClassColors, count)
                ?? numbers.Select(i => 0x010101u * (uint)(255 * (i + 1) / count)).ToArray()
        );
    }

    public DataViewSchema.Annotations ToAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        Add(annotations, KeyValues, TextDataViewType.Instance, Names.Select(name => name.AsMemory()).ToArray());
        Add(annotations, ClassIds, NumberDataViewType.Int32, Ids);
        Add(annotations, ClassColors, NumberDataViewType.UInt32, Colors);
        return annotations.ToAnnotations();
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        for (var i = 0; i < Count; i++)
        {
            writer.Write(Names[i]);
            writer.Write(Ids[i]);
            writer.Write(Colors[i]);
        }
    }

    public static MaskLegend Load(BinaryReader reader)
    {
        var count = reader.ReadCount(1 + sizeof(int) + sizeof(uint), "classes");
        var legend = new MaskLegend(new string[count], new int[count], new uint[count]);
        for (var i = 0; i < count; i++)
        {
            legend.Names[i] = reader.ReadString();
            legend.Ids[i] = reader.ReadInt32();
            legend.Colors[i] = reader.ReadUInt32();
        }

        return legend;
    }

    private static void Add<T>(
        DataViewSchema.Annotations.Builder builder,
        string name,
        PrimitiveDataViewType type,
        T[] values
    ) =>
        builder.Add(
            name,
            new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> value) => Getters.Copy(values, ref value)
        );

    private static T[]? Read<T>(DataViewSchema.Column column, string name, int count)
    {
        if (
            column.Annotations.Schema.GetColumnOrNull(name)?.Type is not VectorDataViewType { Size: var size } type
            || size != count
            || type.ItemType.RawType != typeof(T)
        )
        {
            return null;
        }

        VBuffer<T> values = default;
        column.Annotations.GetValue(name, ref values);
        return values.DenseValues().ToArray();
    }
}
