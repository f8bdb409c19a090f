using Microsoft.ML;

namespace Tdv.MLNet;

/// <summary>
/// Everything that Tdv.MLNet adds to an <see cref="MLContext"/>'s catalogs: learning from raw video, features, semantic
/// segmentation of pictures and video, and how good they are.
/// </summary>
public static partial class TdvCatalog;
