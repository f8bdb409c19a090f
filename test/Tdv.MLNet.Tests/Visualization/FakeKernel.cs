namespace Tdv.MLNet.Tests.Visualization;

/// <summary>Has the method by which .NET Interactive's kernel shows things.</summary>
public static class FakeKernel
{
    public static List<object> Shown { get; } = [];

#pragma warning disable IDE1006 // the kernel's own spelling
    public static object display(object value, params string[] mimeTypes)
#pragma warning restore IDE1006
    {
        Shown.Add(value);
        return mimeTypes;
    }
}
