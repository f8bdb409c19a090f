using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>The schema of pixel rows, with the column names that stock trainers expect.</summary>
internal static class PixelSchema
{
    public const int Features = 0;
    public const int Label = 1;

    public static DataViewSchema Create(int dimension, MaskLegend legend)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, dimension));
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), (ulong)legend.Count), legend.ToAnnotations());
        return builder.ToSchema();
    }
}
