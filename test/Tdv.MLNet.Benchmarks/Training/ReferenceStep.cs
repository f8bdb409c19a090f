using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = TorchSharp.Modules.AdamW;
using F = TorchSharp.torch.nn.functional;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>
/// One optimizer step as the official code executes it, operation for operation: softmax attention written out, the
/// logits of all tokens at once, the metrics that its forward pass reports, and clipping, AdamW, teacher and zeroing
/// parameter by parameter. It works on the parameters of a <see cref="TrainingState"/> and knows nothing of ours
/// beyond their names.
/// </summary>
internal sealed class ReferenceStep : IDisposable
{
    private const double NormEpsilon = 1e-6;
    private readonly NetworkOptions _network;
    private readonly TrainingOptions _options;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly List<(Parameter Student, Parameter Teacher)> _taught;
    private readonly List<Parameter> _students;
    private readonly optim.Optimizer _optimizer;
    private readonly List<IDisposable> _optimizerScalars = [];
    private long _steps;

    public ReferenceStep(TrainingState state, TrainingOptions options)
    {
        _network = state.Network.Options;
        _options = options;
        _weights = state.NamedTensors().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        var frame = state.TaughtParameters().ToList();
        var motion = state.Network.MotionParameters.ToList();
        _taught = frame.Zip(state.TeacherParameters()).ToList();
        _students = [.. frame, .. motion];
        _optimizer = optim.AdamW(
            [
                new AdamW.ParamGroup(frame, new AdamW.Options { weight_decay = options.WeightDecay }),
                new AdamW.ParamGroup(motion, new AdamW.Options { weight_decay = options.WeightDecay }),
            ],
            lr: options.Schedule.LearningRate(0)
        );
    }

    /// <param name="previous">Normalized frames t, <c>[n, 3, H, W]</c>.</param>
    /// <param name="next">Normalized frames t+1, <c>[n, 3, H, W]</c>.</param>
    /// <returns>The loss.</returns>
    public double Step(Tensor previous, Tensor next)
    {
        using var scope = NewDisposeScope();
        var loss = Loss(previous, next);
        UpdateTeacher();
        _optimizer.zero_grad();
        loss.backward();
        Clip();
        int group = 0;
        foreach (var parameters in _optimizer.ParamGroups)
        {
            parameters.LearningRate = _options.Schedule.LearningRate(
                _steps,
                group++ == 0 ? 1 : _options.MotionMultiplier
            );
        }

        _optimizer.step();
        _steps++;
        return loss.Value();
    }

    public void UpdateTeacher()
    {
        using var gradients = no_grad();
        double momentum = _options.TeacherMomentum;
        foreach (var (student, teacher) in _taught)
        {
            using var share = student.Times(1 - momentum);
            teacher.Times_(momentum).Add_(share);
        }
    }

    public void Clip() => nn.utils.clip_grad_norm_(_students, _options.GradientClip);

    public void Dispose() => _optimizer.Dispose();

    private Tensor Loss(Tensor previous, Tensor next)
    {
        var frame = Encode("frame_encoder.", previous, _network.Depth, null);
        Tensor target;
        using (no_grad())
        {
            target = Encode("teacher_frame_encoder.", next, _network.Depth, null);
        }

        var condition = _network.AttendCls ? frame : frame.narrow(1, 1, frame.size(1) - 1);
        var motion = Encode("motion_encoder.", next - previous, _network.MotionDepth, condition);
        var prediction = frame + Linear("linear_fc", motion);
        var objective = _options.Objective;
        long patches = target.size(1) - 1;
        var mse = F.mse_loss(prediction, target);
        var cls = CrossEntropy(prediction.select(1, 0), target.select(1, 0));
        var patch = CrossEntropy(prediction.narrow(1, 1, patches), target.narrow(1, 1, patches));
        using (no_grad())
        {
            Metrics(frame, prediction, target);
        }

        return mse.Times(objective.MseWeight)
            .Plus(cls.Times(objective.ClsWeight))
            .Plus(patch.Times(objective.PatchWeight));
    }

    private Tensor Encode(string encoder, Tensor images, int depth, Tensor? condition)
    {
        long patch = _network.PatchSize;
        var grid = F.conv2d(
            images,
            _weights[$"{encoder}patch_embed.proj.weight"],
            _weights[$"{encoder}patch_embed.proj.bias"],
            strides: [patch, patch]
        );
        var patches = grid.flatten(2).transpose(1, 2);
        var cls = _weights[$"{encoder}cls_token"].expand(images.size(0), -1, -1);
        var tokens = cat([cls, patches], 1) + _weights[$"{encoder}pos_embed"];
        for (int i = 0; i < depth; i++)
        {
            string block = $"{encoder}blocks.0.{i}.";
            if (condition is null)
            {
                tokens += SelfAttention($"{block}attn.", Norm($"{block}norm1", tokens));
            }
            else
            {
                tokens += SelfAttention($"{block}self_attn.", Norm($"{block}norm1", tokens));
                tokens += CrossAttention($"{block}cross_attn.", Norm($"{block}norm_cross_attn", tokens), condition);
            }

            var hidden = F.gelu(Linear($"{block}mlp.fc1", Norm($"{block}norm2", tokens)));
            tokens += Linear($"{block}mlp.fc2", hidden);
        }

        return Norm($"{encoder}norm", tokens);
    }

    private Tensor SelfAttention(string name, Tensor tokens)
    {
        var qkv = Heads(Linear($"{name}qkv", tokens), 3);
        return Linear($"{name}proj", Attend(qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2)));
    }

    private Tensor CrossAttention(string name, Tensor tokens, Tensor condition)
    {
        var query = Heads(Linear($"{name}q", tokens), 1);
        var keyValue = Heads(Linear($"{name}kv", condition), 2);
        return Linear($"{name}proj", Attend(query.select(0, 0), keyValue.select(0, 0), keyValue.select(0, 1)));
    }

    private Tensor Heads(Tensor tokens, int parts)
    {
        int heads = _network.Heads;
        return tokens
            .reshape(tokens.size(0), tokens.size(1), parts, heads, _network.Dimension / heads)
            .permute(2, 0, 3, 1, 4);
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value)
    {
        double scale = Math.Pow(_network.Dimension / _network.Heads, -0.5);
        var attention = query.Times(scale).matmul(key.transpose(-2, -1)).softmax(-1);
        var mixed = attention.matmul(value).transpose(1, 2);
        return mixed.reshape(mixed.size(0), mixed.size(1), _network.Dimension);
    }

    /// <summary>The official loss: cross entropy, the teacher's entropy and the divergence; moves the center.</summary>
    private Tensor CrossEntropy(Tensor prediction, Tensor target)
    {
        var options = _options.Objective.Distillation;
        var center = _weights["dino_cce_loss.center"];
        var student = Head("", prediction);
        Tensor raw;
        using (no_grad())
        {
            raw = Head("teacher_", target);
        }

        var teacher = (raw - center.view(-1)).Times(1 / options.TeacherTemperature);
        student = student.Times(1 / options.StudentTemperature);
        var probabilities = teacher.softmax(-1);
        var teacherLog = teacher.log_softmax(-1);
        var studentLog = student.log_softmax(-1);
        var loss = -(probabilities * studentLog).sum(-1);
        using (no_grad())
        {
            _ = (-(probabilities * teacherLog).sum(-1)).mean();
            _ = (probabilities * (teacherLog - studentLog)).sum(-1).mean();
            var mean = raw.flatten(0, -2).mean([0]).view(1, 1, -1);
            center.Times_(options.CenterMomentum).Add_(mean.Times(1 - options.CenterMomentum));
        }

        return loss.mean();
    }

    private Tensor Head(string side, Tensor tokens)
    {
        string name = $"{side}dino_head.";
        var hidden = F.gelu(Linear($"{name}mlp.0", tokens));
        hidden = F.gelu(Linear($"{name}mlp.2", hidden));
        var bottleneck = F.normalize(Linear($"{name}mlp.4", hidden), dim: -1, eps: 1e-12);
        var direction = _weights[$"{name}last_layer.weight_v"];
        var length = _weights[$"{name}last_layer.weight_g"];
        return F.linear(bottleneck, direction * (length / direction.norm(1, keepdim: true)));
    }

    private static void Metrics(Tensor frame, Tensor prediction, Tensor target)
    {
        foreach (var tokens in new[] { frame, prediction, target })
        {
            var flat = tokens.flatten(0, 1);
            var centered = flat - flat.mean([0], keepdim: true);
            _ = flat.var(0, unbiased: false).mean();
            _ = centered.t().matmul(centered).abs().mean();
        }

        foreach (var tokens in new[] { frame, prediction })
        {
            _ = F.mse_loss(tokens, target);
            _ = F.smooth_l1_loss(tokens, target);
            _ = F.l1_loss(tokens, target);
        }
    }

    private Tensor Linear(string name, Tensor tokens) =>
        F.linear(tokens, _weights[$"{name}.weight"], _weights[$"{name}.bias"]);

    private Tensor Norm(string name, Tensor tokens) =>
        F.layer_norm(tokens, [_network.Dimension], _weights[$"{name}.weight"], _weights[$"{name}.bias"], NormEpsilon);
}
