namespace Tdv.MLNet.Weights;

/// <summary>A Python object that is neither a tensor nor a plain value: nothing is constructed, nothing called, nothing kept.</summary>
internal sealed class PickleObject;
