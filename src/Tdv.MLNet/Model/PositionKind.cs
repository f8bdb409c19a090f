namespace Tdv.MLNet.Model;

/// <summary>How positions enter the network (paper, Table 4).</summary>
internal enum PositionKind
{
    Learned,
    Rotary,
    RotaryAndLearned,
}
