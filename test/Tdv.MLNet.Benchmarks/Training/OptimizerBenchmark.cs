using System.Diagnostics;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>Clipping, AdamW, teacher and zeroing of ViT-S's 22 million parameters, without any network in between.</summary>
internal sealed class OptimizerBenchmark : IRatioBenchmark
{
    private const int Rounds = 25;
    private const double Rate = 1e-4;
    private const double Decay = 0.01;
    private const double Momentum = 0.99;

    public IEnumerable<RatioRow> Run()
    {
        LibTorchLoader.EnsureAvailable();
        var network = NetworkPresets.Of(TdvPreset.Small);
        using var init = new Initialization(1);
        using var theirs = new VisionTransformer(network, init);
        using var theirTeacher = new VisionTransformer(network, init);
        using var ours = new VisionTransformer(network, init);
        using var ourTeacher = new VisionTransformer(network, init);
        var parameters = theirs.parameters().ToList();
        foreach (var parameter in parameters)
        {
            parameter.grad = full_like(parameter, 1e-3f);
        }

        using var optimizer = optim.AdamW(parameters, Rate, weight_decay: Decay);
        var averages = theirTeacher.parameters().ToList();
        using var student = new FlatParameters([ours.parameters()]);
        using var teacher = new FlatParameters([ourTeacher.parameters()], withGradient: false);
        using var adam = new Tdv.MLNet.Training.AdamW(student, Decay);
        double[] ratios = new double[Rounds];
        for (int round = -2; round < Rounds; round++)
        {
            Backend.AsOurs();
            double our = Time(() => Ours(student, teacher, adam));
            Backend.AsFound();
            double their = Time(() => Theirs(parameters, averages, optimizer));
            if (round >= 0)
            {
                ratios[round] = our / their;
            }

            // The next round clips, as this one did.
            student.Gradient!.Add_(1e-3);
            parameters.ForEach(parameter => parameter.grad!.Add_(1e-3));
        }

        Array.Sort(ratios);
        yield return RatioRow.AtMost(
            "22 M parameters: our clipping, AdamW, teacher and zeroing / TorchSharp's",
            ratios[Rounds / 2],
            0.12
        );
    }

    private static void Ours(FlatParameters student, FlatParameters teacher, Tdv.MLNet.Training.AdamW optimizer)
    {
        using var gradients = no_grad();
        double norm = student.GradientNorm();
        student.Gradient!.Times_(1 / (norm + 1e-6));
        teacher.MoveTowards(student, Momentum, student.Values.numel());
        optimizer.Step([Rate]);
        student.ZeroGradient();
    }

    private static void Theirs(List<Parameter> parameters, List<Parameter> averages, optim.Optimizer optimizer)
    {
        nn.utils.clip_grad_norm_(parameters, 1);
        using (no_grad())
        {
            foreach (var (student, average) in parameters.Zip(averages))
            {
                using var share = student.Times(1 - Momentum);
                average.Times_(Momentum).Add_(share);
            }
        }

        optimizer.step();
        optimizer.zero_grad();
    }

    private static double Time(Action action)
    {
        using var scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
