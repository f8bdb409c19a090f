using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>A frame in memory, as a row for ML.NET.</summary>
internal sealed class ReadyFrame
{
    public const int Size = 224;

    [ImageType(Size, Size)]
    public required MLImage Frame { get; init; }
}
