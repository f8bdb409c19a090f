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

    /// <summary>One tensor, from the last of several files that has it.</summary>
    public static void Tensor(string name, Tensor tensor, IReadOnlyList<WeightsFile> files)
    {
        var file = files.LastOrDefault(file => file.Tensors.ContainsKey(OfficialName(name, file)));
        if (file is null && name.EndsWith("pos_embed", StringComparison.Ordinal))
        {
            // Networks with rotary positions have no learned ones; ours have some that change nothing.
            using var gradients = no_grad();
            tensor.zero_();
            return;
        }

        (file ?? files[^1]).CopyTo(OfficialName(name, file ?? files[^1]), tensor);
    }

    public static void Tensors(IEnumerable<(string Name, Tensor Tensor)> tensors, WeightsFile file)
    {
        foreach (var (name, tensor) in tensors)
        {
            Tensor(name, tensor, [file]);
        }
    }
}
