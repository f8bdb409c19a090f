using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Model;

namespace Tdv.MLNet.Featurizing;

/// <summary>What featurizing needs of the machine's memory, told before any picture is read.</summary>
internal static class FeatureMemory
{
    /// <summary>Numbers of a token that are there at the same time within a block, in widths of a token.</summary>
    private const int Widths = 8;

    /// <param name="settings">Image size and batch size.</param>
    /// <param name="attention">Whether the weights of each token for each other are there at once, as ONNX Runtime has them.</param>
    /// <param name="available">Bytes that there are.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Fault(FeatureSettings settings, NetworkOptions network, bool attention, long available)
    {
        double needed = Estimate(settings, network, attention);
        return needed <= available
            ? null
            : FormattableString.Invariant(
                $"BatchSize is {settings.BatchSize} and pictures have {settings.ImageHeight} × {settings.ImageWidth} pixels: featurizing a batch needs about {SystemMemory.Size(needed)} of memory, and {SystemMemory.Size(available)} are there. Lower ImageHeight and ImageWidth, or BatchSize."
            );
    }

    /// <summary>In bytes. On the low side: what has room is not refused.</summary>
    public static double Estimate(FeatureSettings settings, NetworkOptions network, bool attention)
    {
        double rows = (double)settings.ImageHeight / network.PatchSize;
        double tokens = 1 + network.Registers + (rows * settings.ImageWidth / network.PatchSize);
        double pixels = (double)settings.ImageHeight * settings.ImageWidth * FramePixels.Channels;
        int cores = Environment.ProcessorCount;
        // OnnxEngine computes as many pictures at a time as there are cores, if the batch has them.
        double together = attention && settings.BatchSize >= cores ? cores : settings.BatchSize;
        double block = (tokens * network.Dimension * Widths) + (attention ? network.Heads * tokens * tokens : 0);
        double features = tokens * network.Dimension * settings.Layers.Count;
        return sizeof(float) * ((together * block) + (settings.BatchSize * (features + (pixels / sizeof(float)))));
    }
}
