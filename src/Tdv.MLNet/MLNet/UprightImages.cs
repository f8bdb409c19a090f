using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>Images that were stood upright when they were read: nothing in an image itself says so.</summary>
internal static class UprightImages
{
    private static readonly ConditionalWeakTable<MLImage, object> Known = [];

    public static void Add(MLImage image) => Known.AddOrUpdate(image, Known);

    public static bool Contains(MLImage image) => Known.TryGetValue(image, out _);
}
