namespace Tdv.MLNet.MLNet;

/// <summary>What a consumer of a <see cref="BatchMapper"/>'s output schema asked for.</summary>
/// <param name="PassedThrough">By input column: wanted as it is.</param>
/// <param name="Computed">By added column: wanted.</param>
/// <param name="Needed">By input column: has to be active for the above.</param>
internal sealed record ActiveColumns(bool[] PassedThrough, bool[] Computed, bool[] Needed)
{
    public bool AnyComputed { get; } = Array.IndexOf(Computed, true) >= 0;
}
