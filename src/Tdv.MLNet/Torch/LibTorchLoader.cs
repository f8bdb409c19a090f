using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Tdv.MLNet.Torch;

/// <summary>
/// Lets TorchSharp load on Linux systems whose libstdc++ is older than GCC 13 (Debian 12, Ubuntu 22.04), and says what
/// to reference when no libtorch came along.
/// </summary>
internal static class LibTorchLoader
{
    private const string Library = "LibTorchSharp";

    /// <summary>
    /// The one version that TorchSharp's library needs and an older libstdc++ lacks. It stands for
    /// std::ios_base_library_init, which nothing calls.
    /// </summary>
    private const string UnneededVersion = "GLIBCXX_3.4.32";

    private static readonly Lazy<(IntPtr Handle, Exception? Fault)> Weakened = new(LoadWeakened);

    /// <summary>
    /// Whether libtorch came with the application, where that can be told without loading it. TorchSharp, asked to load
    /// what is not there, would search the package cache and copy half a gigabyte from it.
    /// </summary>
    public static bool IsInstalled =>
        !OperatingSystem.IsLinux() || (Find($"lib{Library}.so") is not null && Find("libtorch_cpu.so") is not null);

    /// <summary>Whether the copy with a weak version need is in use.</summary>
    public static bool IsWeakened => Weakened.IsValueCreated && Weakened.Value.Handle != IntPtr.Zero;

    /// <summary>Whether libtorch came with the application and loads.</summary>
    public static bool IsAvailable => IsInstalled && LoadFault() is null;

    // A library may have one: only the event comes before the first use of TorchSharp, whichever class that is in.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        ProcessSwitches.LimitThreadSpinning();
        var context =
            AssemblyLoadContext.GetLoadContext(typeof(LibTorchLoader).Assembly) ?? AssemblyLoadContext.Default;
        context.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Loads libtorch.</summary>
    /// <returns>Why it does not load; null: it does.</returns>
    public static Exception? LoadFault()
    {
        if (OwnFault() is { } fault)
        {
            return fault;
        }

        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            ProcessSwitches.UseOneDnn();
            return null;
        }
        catch (Exception exception)
            when (exception is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            return exception;
        }
    }

    /// <summary>Loads libtorch, or says why it does not load and what to reference.</summary>
    /// <exception cref="InvalidOperationException">No libtorch for this machine came with the application.</exception>
    public static void EnsureAvailable()
    {
        if (LoadFault() is { } fault)
        {
            throw Unavailable(fault);
        }
    }

    /// <summary>
    /// What keeps the library from loading, found before TorchSharp looks for it: failing, that would copy half a gigabyte
    /// of the package cache into the application's folder, and then tell of a package that is missing.
    /// </summary>
    private static Exception? OwnFault() =>
        !OperatingSystem.IsLinux() || NativeLibrary.TryLoad(Library, typeof(torch).Assembly, null, out _) ? null
        : IsInstalled
            ? Weakened.Value.Fault
                ?? new DllNotFoundException($"lib{Library}.so or what it needs of the system does not load.")
        // In a notebook, packages lie where they were restored to, and TorchSharp gathers them there.
        : IsInPackageCache() ? null
        : new DllNotFoundException("libtorch is not there.");

    private static bool IsInPackageCache() =>
        Path.GetDirectoryName(typeof(torch).Assembly.Location) is { } folder
        && Path.GetFileName(Path.GetDirectoryName(folder)) == "lib";

    internal static InvalidOperationException Unavailable(Exception cause) =>
        IsInstalled && cause is DllNotFoundException
            ? new(
                $"libtorch is there, but does not load: {cause.Message} `tdv doctor`, or TdvDiagnostics.Run, tells more.",
                cause
            )
            : new(
                "libtorch does not load in this application. Tdv.MLNet leaves the choice of backend to the application: "
                    + "add one package reference to its project, TorchSharp-cpu (any machine), TorchSharp-cuda-windows or "
                    + $"TorchSharp-cuda-linux (NVIDIA GPU), in the version of TorchSharp ({typeof(torch).Assembly.GetName().Version?.ToString(3)}).",
                cause
            );

    /// <summary>Asked only when the ordinary search for a native library has failed.</summary>
    private static IntPtr Resolve(Assembly assembly, string name) =>
        name == Library ? Weakened.Value.Handle : IntPtr.Zero;

    private static (IntPtr Handle, Exception? Fault) LoadWeakened()
    {
        string? library = Find($"lib{Library}.so");
        string? torchCpu = Find("libtorch_cpu.so");
        if (library is null || torchCpu is null)
        {
            return default;
        }

        byte[] image = File.ReadAllBytes(library);
        if (!ElfVersionNeeds.Weaken(image, UnneededVersion))
        {
            return default;
        }

        try
        {
            LoadTorch(Path.GetDirectoryName(torchCpu)!);
            return (NativeCopy.Load(image, $"lib{Library}.so"), null);
        }
        catch (DllNotFoundException exception)
        {
            return (IntPtr.Zero, exception);
        }
    }

    /// <summary>The copy's own search path does not reach libtorch; libraries already loaded are found by their name.</summary>
    private static void LoadTorch(string folder)
    {
        _ = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
        foreach (string optional in (string[])["libtorch_cuda.so", "libtorch.so"])
        {
            _ = NativeLibrary.TryLoad(Path.Combine(folder, optional), out _);
        }
    }

    private static string? Find(string file) =>
        SearchFolders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> SearchFolders()
    {
        string known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string runtimes =
            $"runtimes/linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}/native";
        return known
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, runtimes));
    }
}
