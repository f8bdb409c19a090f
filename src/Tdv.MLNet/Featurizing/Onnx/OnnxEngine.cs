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
    private Dictionary<string, InferenceSession> _sessions = [];
    private UseCount? _uses;

    public override void Compute(FeatureBatch batch, int count)
    {
        using var use = model.Use();
        bool apart = count >= Cores && Cores > 1;
        using var sessionUse = Enter(batch, apart ? 1 : Cores, out var session);
        if (!apart)
        {
            Compute(session, batch, 0, count);
            return;
        }

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
            (_sessions, _uses) = ([], null);
        }
    }

    /// <summary>
    /// One session for each set of outputs and number of threads that was asked for: ONNX Runtime leaves out what nobody
    /// reads when a session is made, not when it runs.
    /// </summary>
    /// <param name="threads">How many work on one call; 1: only the caller.</param>
    private UseCount.Lease Enter(FeatureBatch batch, int threads, out InferenceSession session)
    {
        FeatureOutput[] outputs = [.. batch.Results.Keys];
        string key = $"{threads} {string.Join(',', outputs.Select(output => output.Setting))}";
        lock (_lock)
        {
            if (!_sessions.TryGetValue(key, out session!))
            {
                session = _sessions[key] = Create(OnnxExport.ToModel(model.Plain(), settings, outputs), threads);
            }

            var sessions = _sessions.Values;
            _uses ??= new UseCount(nameof(OnnxEngine), "", () => sessions.ToList().ForEach(each => each.Dispose()));
            return _uses.Enter();
        }
    }

    private static InferenceSession Create(ReadOnlyMemory<byte> graph, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        // Idle threads that spin take the cores from whoever decodes and scores meanwhile.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(graph.ToArray(), options);
    }

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
