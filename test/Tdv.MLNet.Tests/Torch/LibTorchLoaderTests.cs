using System.Runtime.InteropServices;
using Tdv.MLNet.Torch;
using TorchSharp;
using Xunit;

namespace Tdv.MLNet.Tests.Torch;

public partial class LibTorchLoaderTests
{
    [Fact]
    public void Idle_threads_do_not_spin_for_long()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's.");
        Assert.SkipUnless(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")),
            "OMP_WAIT_POLICY is set."
        );

        Assert.NotEqual(IntPtr.Zero, GetEnvironment("GOMP_SPINCOUNT"));
    }

    [Fact]
    public void Torch_computes_on_this_machine()
    {
        LibTorchLoader.EnsureAvailable();

        using var scope = torch.NewDisposeScope();
        Assert.Equal(4f, torch.ones(2, 2).sum().item<float>());
    }

    [Fact]
    public void A_missing_backend_is_explained()
    {
        var cause = new NotSupportedException("nothing there");

        var exception = LibTorchLoader.Unavailable(cause);

        Assert.Equal(
            "libtorch does not load in this application. Tdv.MLNet leaves the choice of backend to the application: "
                + "add one package reference to its project, TorchSharp-cpu (any machine), TorchSharp-cuda-windows or "
                + "TorchSharp-cuda-linux (NVIDIA GPU), in the version of TorchSharp (0.107.0).",
            exception.Message
        );
        Assert.Same(cause, exception.InnerException);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr GetEnvironment(string name);
}
