using Microsoft.ML.OnnxRuntime;

namespace Tdv.MLNet.Featurizing;

/// <summary>Features by ONNX Runtime on the CPU. Pictures and features stay where they are: nothing is copied.</summary>
internal sealed class OnnxEngine(TdvModel model, FeatureSettings settings, IReadOnlyCollection<FeatureOutput> outputs)
    : FeatureEngine
{
    private readonly string[] _inputs = outputs.Contains(FeatureOutput.Motion)
        ? [OnnxExport.Frame, OnnxExport.Previous]
        : [OnnxExport.Frame];
    private readonly string[] _outputs = [.. outputs.Select(output => output.ToString())];

    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        var session = model.Session(settings, outputs);
        var values = new List<OrtValue>();
        try
        {
            long[] image = [count, settings.ImageHeight, settings.ImageWidth, FramePixels.Channels];
            OrtValue[] pictures =
            [
                .. _inputs.Select(name => Bind(name == OnnxExport.Frame ? batch.Frames : batch.Previous, image)),
            ];
            OrtValue[] features =
            [
                .. outputs.Select(output => Bind(batch.Results[output], Shape(session, output, count))),
            ];
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
            long length = shape.Aggregate(1L, (product, size) => product * size);
            var value = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                memory.AsMemory(0, (int)length),
                shape
            );
            values.Add(value);
            return value;
        }
    }

    private static long[] Shape(InferenceSession session, FeatureOutput output, int count) =>
        [count, .. session.OutputMetadata[output.ToString()].Dimensions.Skip(1).Select(size => (long)size)];
}
