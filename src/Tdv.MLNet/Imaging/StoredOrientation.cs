using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Warns, once for each <c>MLContext</c>, of a picture that lies as it is stored although its camera noted how it stands:
/// ML.NET's own loader does not look at that. Whatever sets places of pictures in relation, to labels or to what a network
/// has learned, asks here. Whoever resizes pictures before is not warned; what they do not do to their size cannot be seen.
/// </summary>
internal sealed class StoredOrientation
{
    private static readonly ConditionalWeakTable<IHostEnvironment, StoredOrientation> Known = [];
    private readonly IHost _host;
    private int _said;

    private StoredOrientation(IHostEnvironment environment) => _host = environment.Register("TdvPictures");

    public static StoredOrientation Of(IHostEnvironment environment) =>
        Known.GetValue(environment, key => new StoredOrientation(key));

    /// <param name="image">Loaders keep the path in its tag.</param>
    /// <param name="column">What holds it.</param>
    public void Look(MLImage image, string column)
    {
        if (
            Volatile.Read(ref _said) == 0
            && !string.IsNullOrEmpty(image.Tag)
            && !UprightImages.Contains(image)
            && File.Exists(image.Tag)
            && IsAsStored(image)
            && Interlocked.Exchange(ref _said, 1) == 0
        )
        {
            using var channel = _host.Start("Reading pictures");
            MLNetInternals.Warn(
                channel,
                $"The picture {Shown.Name(image.Tag)} in '{column}' is not upright: LoadImages leaves pictures as they are stored, and "
                    + "its camera noted that it was turned (EXIF orientation). Load pictures by LoadPictures, as masks and "
                    + "tdv expect them. Further pictures are not named."
            );
        }
    }

    private static bool IsAsStored(MLImage image)
    {
        try
        {
            using var file = PictureFile.Open(image.Tag);
            return !file.IsStoredUpright && file.IsStoredAs(image.Height, image.Width);
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Whoever has loaded it has seen what is wrong with it.
            return false;
        }
    }
}
