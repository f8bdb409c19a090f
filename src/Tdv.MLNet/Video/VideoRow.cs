using Microsoft.ML.Data;

namespace Tdv.MLNet.Video;

/// <summary>One row. The frames are null when nobody asked for images.</summary>
internal sealed record VideoRow(
    string Video,
    double Time,
    SampledFrame? Previous,
    SampledFrame? Frame,
    DataViewRowId Id
)
{
    public long Bytes => (Previous?.Bytes ?? 0L) + (Frame?.Bytes ?? 0L);
}
