using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
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
        Require(path, "'segment' and 'demo' write one, model.zip.");
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

    /// <summary>
    /// Height and width in pixels that a model looks at previous frames in, the largest of several; null where it looks at
    /// none.
    /// </summary>
    public static (int Height, int Width)? PreviousFrames(ITransformer model)
    {
        FeatureSettings[] motion =
        [
            .. Steps(model)
                .OfType<TdvFeaturizingTransformer>()
                .Select(step => step.Settings)
                .Where(settings => settings.Outputs.Any(output => output.NeedsPrevious)),
        ];
        return motion.Length == 0
            ? null
            : (motion.Max(settings => settings.ImageHeight), motion.Max(settings => settings.ImageWidth));
    }

    /// <summary>The steps of a model, those of chains within chains among them.</summary>
    public static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];

    /// <param name="path">The file.</param>
    /// <param name="remedy">Where to get one.</param>
    /// <exception cref="UserException">It is missing, empty, or no plain file.</exception>
    public static void Require(string path, string remedy)
    {
        if (PlainFile.Fault(path) is { } fault)
        {
            throw new UserException($"The model {Shown.Name(path)} {fault}. {remedy}");
        }
    }

    /// <summary>The column of masks that a model paints; its annotations tell the classes.</summary>
    /// <exception cref="UserException">It paints no masks.</exception>
    public static DataViewSchema.Column Masks(DataViewSchema output) =>
        output.GetColumnOrNull(Columns.Predicted) is { } column && ColumnKind.Mask.Fits(column.Type)
            ? column
            : throw new UserException($"The model paints no masks: it has no column '{Columns.Predicted}' of masks.");
}
