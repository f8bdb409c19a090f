using System.Reflection;

namespace Tdv.MLNet.Visualization;

/// <summary>The C# notebook that a program may run in, known by the name of .NET Interactive's kernel alone.</summary>
internal static class NotebookKernel
{
    /// <summary>Null in every program that is no notebook.</summary>
    public static Type? Current { get; } =
        Type.GetType("Microsoft.DotNet.Interactive.Kernel, Microsoft.DotNet.Interactive", throwOnError: false);

    /// <summary>Calls the kernel's <c>display(object, params string[])</c>.</summary>
    /// <returns>False if there is no kernel, or one without that method.</returns>
    public static bool TryDisplay(Type? kernel, object value)
    {
        var display = kernel?.GetMethod(
            "display",
            BindingFlags.Public | BindingFlags.Static,
            [typeof(object), typeof(string[])]
        );
        display?.Invoke(null, [value, Array.Empty<string>()]);
        return display is not null;
    }
}
