namespace Tdv.MLNet.Motion;

/// <summary>A row to learn from.</summary>
/// <param name="Cells">Features, <c>[height, width, D]</c>.</param>
/// <param name="Flow"><c>[height, width, 2]</c>, NaN where it is not known.</param>
internal sealed record FlowRow(float[] Cells, float[] Flow)
{
    public bool IsKnown(int cell) => float.IsFinite(Flow[2 * cell]) && float.IsFinite(Flow[(2 * cell) + 1]);
}
