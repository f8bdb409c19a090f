using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Official tensors into our modules.</summary>
internal static class Fill
{
    /// <summary>The file's name for a tensor of ours: RoPE's cross attention calls two layers otherwise.</summary>
    public static string OfficialName(string name, WeightsFile file)
    {
        var rotary = name.Replace("cross_attn.q.", "cross_attn.q_proj.", StringComparison.Ordinal)
            .Replace("cross_attn.kv.", "cross_attn.kv_proj.", StringComparison.Ordinal);
        return file.Tensors.ContainsKey(name) ? name : rotary;
    }

    /// <summary>Every parameter of the module, from the name that it has in the file behind a prefix.</summary>
    public static void Module(nn.Module module, WeightsFile file, string prefix = "") =>
        Tensors(module.named_parameters().Select(entry => (prefix + entry.name, (Tensor)entry.parameter)), file);

    public static void Tensors(IEnumerable<(string Name, Tensor Tensor)> tensors, WeightsFile file)
    {
        foreach (var (name, tensor) in tensors)
        {
            file.CopyTo(OfficialName(name, file), tensor);
        }
    }
}
