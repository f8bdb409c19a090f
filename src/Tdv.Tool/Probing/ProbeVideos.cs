using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Probing;

/// <summary>Videos that a study trains on or predicts frames of.</summary>
internal static class ProbeVideos
{
    /// <summary>Pairs at the paper's distance, shrunk while decoding.</summary>
    /// <exception cref="UserException">There are no such videos.</exception>
    public static IDataView Load(MLContext ml, string videos, int size)
    {
        try
        {
            return ml.Data.LoadFromVideos(videos, Defaults.Videos(size));
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    public static ResultTable Table(string videos, IReadOnlyList<object[]> rows) =>
        new(
            "Predicting the next frame's features",
            $"On '{videos}'. Prediction gain over copying this frame: 1 is perfect, 0 no better. Information that the "
                + "prediction, or this frame alone, holds of the next frame's patches, in bits each. Effective rank: dimensions in use. Deviation: 1 where features point everywhere, 0 where all are the same.",
            ["network", "prediction gain", "bits predicted", "bits copied", "effective rank", "deviation"],
            rows
        );
}
