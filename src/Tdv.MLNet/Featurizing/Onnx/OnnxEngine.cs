using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Features by ONNX Runtime on the CPU. Pictures and features stay where they are: nothing is copied. Of a
/// batch that can keep all cores busy, each picture is computed by one thread: threads that share a picture wait for each
/// other after every operator.
/// </summary>
internal sealed class OnnxEngine(TdvModel model, FeatureSettings settings) : FeatureEngine
{
    private static readonly int Cores = Environment.ProcessorCount;
    private readonly FeatureLayout _layout = FeatureLayout.Of(settings, model.Options);
    private readonly object _lock = new();
    private OnnxSessions? _sessions;
    private UseCount? _uses;

    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        using var sessionUse = Enter(out var sessions);
        if (count < Cores || Cores == 1)
        {
            Compute(Session(sessions, batch, Cores), batch, 0, count);
            return;
        }

        var session = Session(sessions, batch, threads: 1);
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

    public override void Dispose()
    {
        lock (_lock)
        {
            _uses?.Dispose();
            (_sessions, _uses) = (null, null);
        }
    }

    private UseCount.Lease Enter(out OnnxSessions sessions)
    {
        lock (_lock)
        {
            sessions = _sessions ??= new OnnxSessions();
            _uses ??= new UseCount(nameof(OnnxSessions), "", sessions.Dispose);
            return _uses.Enter();
        }
    }

    private InferenceSession Session(OnnxSessions sessions, FeatureBatch batch, int threads) =>
        sessions.Get(
            batch.Results.Keys,
            threads,
            () => OnnxExport.ToModel(model.Plain(), settings, [.. batch.Results.Keys])
        );

    private void Compute(InferenceSession session, FeatureBatch batch, int start, int count)
    {
        var values = new List<OrtValue>();
        try
        {
            int[] image = [settings.ImageHeight, settings.ImageWidth, FramePixels.Channels];
            string[] inputs = batch.NeedsPrevious ? [OnnxExport.Frame, OnnxExport.Previous] : [OnnxExport.Frame];
            OrtValue[] pictures =
            [
                .. inputs.Select(name => Bind(name == OnnxExport.Frame ? batch.Frames : batch.Previous, image)),
            ];
            string[] outputs = [.. batch.Results.Keys.Select(output => output.Setting)];
            OrtValue[] features = [.. batch.Results.Select(result => Bind(result.Value, _layout.Shape(result.Key)))];
            using var options = new RunOptions();
            session.Run(options, inputs, pictures, outputs, features);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }

        OrtValue Bind<T>(T[] memory, int[] shape)
            where T : unmanaged
        {
            int length = shape.Aggregate((product, size) => product * size);
            var value = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                memory.AsMemory(start * length, count * length),
                [count, .. shape.Select(size => (long)size)]
            );
            values.Add(value);
            return value;
        }
    }
}
