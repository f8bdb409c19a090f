using Microsoft.ML;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <content>ml.Transforms: pictures and masks</content>
public static partial class TdvCatalog
{
    /// <summary>
    /// Describes the colors of a picture cell by cell, without any network, as
    /// <c>Vector&lt;Single, gridHeight, gridWidth, 44&gt;</c>: means and standard deviations of red, green and blue, the
    /// position, and the products of any two of these. A baseline that features of a network should beat, and a help beside
    /// them: networks see little of color.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The feature column to add.</param>
    /// <param name="inputColumnName">The image column. Null: that of <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="gridHeight">Cells from top to bottom, 1 or more.</param>
    /// <param name="gridWidth">Cells from left to right, 1 or more.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static ColorFeaturizingEstimator ColorFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        int gridHeight,
        int gridWidth
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            outputColumnName,
            inputColumnName ?? outputColumnName,
            gridHeight,
            gridWidth
        );

    /// <summary>
    /// Loads pictures from files, PNG, JPEG, BMP, GIF or WebP: upright as the camera noted (EXIF orientation), in their own
    /// colors without opacity, and refused by name where damaged, cut short or larger than 2²⁸ pixels.
    /// <c>LoadImages</c> of ML.NET leaves pictures as they are stored, of which <c>TdvFeaturize</c> warns in
    /// <c>MLContext.Log</c> where it matters, and loads what is left of damaged ones.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the image, as <c>Bgra32</c>; it lives until the next row is read.</param>
    /// <param name="folder">Relative paths are resolved against it; empty: paths are used as they are.</param>
    /// <param name="inputColumnName">The paths. Null: the column <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static PictureLoadingEstimator LoadPictures(
        this TransformsCatalog catalog,
        string outputColumnName,
        string folder,
        string? inputColumnName = null,
        PictureOptions? options = null
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            outputColumnName,
            folder,
            inputColumnName ?? outputColumnName,
            options ?? new PictureOptions()
        );

    /// <summary>
    /// Cuts a picture into patches of raw pixels, without any network, as <c>Vector&lt;Single, gridHeight, gridWidth,
    /// 3·patchSize²&gt;</c>: resized and normalized as for a network. The baseline that learned features must beat where
    /// frames are compared with one another.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">Receives the patches.</param>
    /// <param name="inputColumnName">The image column. Null: that of <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="imageHeight">Pixels that pictures are resized to; a multiple of <paramref name="patchSize"/>.</param>
    /// <param name="imageWidth">As <paramref name="imageHeight"/>.</param>
    /// <param name="patchSize">Edge of a patch in pixels.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static PatchFeaturizingEstimator PatchFeaturize(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        int imageHeight,
        int imageWidth,
        int patchSize = 8
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            outputColumnName,
            inputColumnName ?? outputColumnName,
            new(imageHeight, imageWidth, patchSize)
        );

    /// <summary>
    /// Loads masks from label pictures, whose pixel values are class ids (gray of 1 to 16 bits, palettes) or whose colors
    /// are the classes', as a column <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c> of variable length, row-major height × width. A second
    /// column, named as the first with <c>Size</c> behind it, <c>Vector&lt;Int32, 2&gt;</c>, has each mask's height and width.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The mask column to add.</param>
    /// <param name="folder">The folder relative paths are resolved against; empty for paths as they are.</param>
    /// <param name="inputColumnName">The text column with the masks' paths. Null: that of <paramref name="outputColumnName"/>, which it replaces.</param>
    /// <param name="classes">The classes; see <see cref="MaskClass.ReadFile"/>.</param>
    /// <param name="imageColumnName">An image column: a mask of another size than its image is an error. Null: no check.</param>
    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public static MaskLoadingEstimator LoadMasks(
        this TransformsCatalog catalog,
        string outputColumnName,
        string folder,
        string? inputColumnName,
        IReadOnlyList<MaskClass> classes,
        string? imageColumnName = null
    ) =>
        new(
            MLNetInternals.Environment(catalog),
            outputColumnName,
            folder,
            inputColumnName ?? outputColumnName,
            classes,
            imageColumnName
        );
}
