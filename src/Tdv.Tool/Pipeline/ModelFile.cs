using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>The saved model: from images to masks, in one zip.</summary>
internal static class ModelFile
{
    /// <summary>Reads a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="path">The zip.</param>
    /// <param name="painting">What is to be painted otherwise; null: nothing.</param>
    /// <exception cref="UserException">The file is missing, cut short, or no model.</exception>
    public static ITransformer Load(MLContext ml, string path, PaintingChoice? painting = null)
    {
        if (!File.Exists(path))
        {
            throw new UserException(
                $"The model {Shown.Name(path)} does not exist. 'segment' and 'demo' write one, model.zip."
            );
        }

        RequireBytes(path);

        try
        {
            ModelArchive.Check(path);
            var model = ml.Model.Load(path, out _);
            return painting?.Apply(model) ?? model;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new UserException(
                $"The model '{path}' cannot be read: it is damaged, cut short, or not a model of ML.NET. Save it again, "
                    + $"or copy it anew. ({ErrorText.Of(exception)})",
                exception
            );
        }
    }

    /// <summary>A pipe would be waited for for ever.</summary>
    /// <exception cref="UserException">There is nothing in the file.</exception>
    public static void RequireBytes(string path)
    {
        if (!RealPath.HasBytes(path))
        {
            throw new UserException($"The model {Shown.Name(path)} is empty, or no plain file.");
        }
    }

    /// <summary>The column of masks that a model paints; its annotations tell the classes.</summary>
    /// <exception cref="UserException">It paints no masks.</exception>
    public static DataViewSchema.Column Masks(DataViewSchema output) =>
        output.GetColumnOrNull(Columns.Predicted) is { } column && ColumnKind.Mask.Fits(column.Type)
            ? column
            : throw new UserException($"The model paints no masks: it has no column '{Columns.Predicted}' of masks.");
}
