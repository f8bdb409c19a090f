using Microsoft.ML.Data;

namespace Tdv.Tool.Pipeline;

/// <summary>A row of images, read ahead.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Images">One per column; null for columns that nobody asked for.</param>
internal sealed record ImageRow(DataViewRowId Id, MLImage?[] Images) : IDisposable
{
    public void Dispose()
    {
        foreach (var image in Images)
        {
            image?.Dispose();
        }
    }
}
