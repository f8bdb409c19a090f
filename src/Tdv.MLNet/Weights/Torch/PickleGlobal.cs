namespace Tdv.MLNet.Weights;

/// <summary>A class or function that a pickle names, such as <c>collections.OrderedDict</c>. Nothing but its name.</summary>
internal sealed record PickleGlobal(string Name);
