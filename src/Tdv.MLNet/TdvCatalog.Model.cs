using Microsoft.ML;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <content><c>ml.Model</c>.</content>
public static partial class TdvCatalog
{
    /// <summary>
    /// Saves a model as <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> does, but whole or not
    /// at all: the zip is written beside its place, brought to the disk, and renamed. A full disk, a kill or a power failure
    /// leaves an earlier model of the name as it was, which <c>Save</c> has overwritten by then.
    /// </summary>
    /// <param name="catalog"><c>ml.Model</c>.</param>
    /// <param name="model">The model, of any transformers.</param>
    /// <param name="inputSchema">The columns that it begins with; null: none are kept, and <c>Load</c> gives none.</param>
    /// <param name="filePath">The zip. An existing one is replaced; its folder is created.</param>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="IOException"/>.</exception>
    public static void SaveAtomically(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        DataViewSchema? inputSchema,
        string filePath
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(filePath);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }
}
