using Microsoft.ML.OnnxRuntime;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Sessions of ONNX Runtime, one for each set of outputs and number of threads that was asked for: it leaves out what nobody
/// reads when a session is made, not when it runs. For any number of callers at once.
/// </summary>
internal sealed class OnnxSessions : IDisposable
{
    private readonly Dictionary<string, InferenceSession> _sessions = [];

    /// <param name="outputs">At least one.</param>
    /// <param name="threads">How many work on one call; 1: only the caller.</param>
    /// <param name="graph">Writes the graph when there is no such session yet.</param>
    public InferenceSession Get(IEnumerable<FeatureOutput> outputs, int threads, Func<ReadOnlyMemory<byte>> graph)
    {
        string key = $"{threads} {string.Join(',', outputs.Select(output => output.Setting))}";
        lock (_sessions)
        {
            if (!_sessions.TryGetValue(key, out var session))
            {
                session = Create(graph(), threads);
                _sessions.Add(key, session);
            }

            return session;
        }
    }

    public void Dispose()
    {
        lock (_sessions)
        {
            foreach (var session in _sessions.Values)
            {
                session.Dispose();
            }

            _sessions.Clear();
        }
    }

    private static InferenceSession Create(ReadOnlyMemory<byte> graph, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        // Idle threads that spin take the cores from whoever decodes and scores meanwhile.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(graph.ToArray(), options);
    }
}
