using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Features by ONNX Runtime on the CPU. Pictures and features stay where they are: nothing is copied. Of a
/// batch that can keep all cores busy, each picture is computed by one thread: threads that share a picture wait for each
/// other after every operator.
/// </summary>
internal sealed class OnnxEngine(TdvModel model, FeatureSettings settings, IReadOnlyCollection<FeatureOutput> outputs)
    : FeatureEngine
{
    private static readonly int Cores = Environment.ProcessorCount;
    private readonly string[] _inputs = outputs.Contains(FeatureOutput.Motion)
        ? [OnnxExport.Frame, OnnxExport.Previous]
        : [OnnxExport.Frame];
    private readonly string[] _outputs = [.. outputs.Select(output => output.ToString())];

    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        if (count < Cores || Cores == 1)
        {
            Compute(model.Session(settings, outputs, Cores), batch, 0, count);
            return;
        }

        var session = model.Session(settings, outputs, threads: 1);
        try
        {
            Parallel.For(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = Cores },
                picture => Compute(session, batch, picture, 1)
            );
        }
        catch (AggregateException exception)
        {
            // As if one thread had computed them all.
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private void Compute(InferenceSession session, FeatureBatch batch, int start, int count)
    {
        var values = new List<OrtValue>();
        try
        {
            long[] image = [settings.ImageHeight, settings.ImageWidth, FramePixels.Channels];
            OrtValue[] pictures =
            [
                .. _inputs.Select(name => Bind(name == OnnxExport.Frame ? batch.Frames : batch.Previous, image)),
            ];
            OrtValue[] features = [.. outputs.Select(output => Bind(batch.Results[output], Shape(session, output)))];
            using var options = new RunOptions();
            session.Run(options, _inputs, pictures, _outputs, features);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }

        OrtValue Bind<T>(T[] memory, long[] shape)
            where T : unmanaged
        {
            int length = (int)shape.Aggregate(1L, (product, size) => product * size);
            var value = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                memory.AsMemory(start * length, count * length),
                [count, .. shape]
            );
            values.Add(value);
            return value;
        }
    }

    /// <summary>Of one picture's features.</summary>
    private static long[] Shape(InferenceSession session, FeatureOutput output) =>
        [.. session.OutputMetadata[output.ToString()].Dimensions.Skip(1).Select(size => (long)size)];
}
