using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>How libtorch and the heap are set up in the process: as found, or as a training of ours sets them.</summary>
internal static class Backend
{
    /// <summary>libtorch as it starts, with MKL, and glibc as it starts.</summary>
    public static void AsFound()
    {
        ProcessSwitches.SetOneDnn(false);
        ProcessSwitches.SetHeap(keep: false);
    }

    /// <summary>What the official launch script sets: float32 precision "medium", which is oneDNN here.</summary>
    public static void AsOfficial()
    {
        ProcessSwitches.SetOneDnn(true);
        ProcessSwitches.SetHeap(keep: false);
    }

    public static void AsOurs()
    {
        ProcessSwitches.SetOneDnn(ProcessSwitches.UseOneDnn());
        ProcessSwitches.SetHeap(keep: true);
    }
}
