using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Probing;

/// <summary>Trained networks, a weights file for each seed, and untrained ones of the same architecture.</summary>
internal sealed class Networks
{
    private readonly IReadOnlyList<string> _weights;
    private readonly MLNet.Model.NetworkOptions _architecture;

    /// <exception cref="UserException">A file is missing, or they are of different architectures.</exception>
    public Networks(IReadOnlyList<string> weights)
    {
        _weights = weights;
        foreach (string path in weights.Where(path => !File.Exists(path)))
        {
            throw new UserException($"The weights '{path}' do not exist. 'pretrain' writes weights.safetensors.");
        }

        var all = weights.Select(path =>
        {
            using var model = TdvModel.Load(path);
            return model.Options;
        });
        _architecture = all.First();
        if (all.Any(options => options != _architecture))
        {
            throw new UserException("The --weights are of different architectures. Give those of one at a time.");
        }
    }

    public int PatchSize => _architecture.PatchSize;

    public int TrainingSize => _architecture.TrainingSize;

    public bool HasMotion => _architecture.MotionDepth > 0;

    public TdvModel Trained(int seed) => TdvModel.Load(_weights[seed % _weights.Count]);

    public TdvModel Untrained(int seed) => TdvModel.Create(_architecture, seed);
}
