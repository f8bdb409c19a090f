using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

/// <summary>Rows of videos with a column of masks, most of them empty.</summary>
internal sealed class AttachedMasks : RowView
{
    private readonly IDataView _input;
    private readonly IReadOnlyList<FrameMask> _masks;
    private readonly IReadOnlyList<MaskClass> _classes;
    private readonly DataViewSchema.Column? _video;

    /// <exception cref="ArgumentException">Arguments are wrong: all faults are listed.</exception>
    public AttachedMasks(
        IDataView input,
        IReadOnlyList<FrameMask> masks,
        IReadOnlyList<MaskClass> classes,
        string outputName,
        string? videoName
    )
    {
        var faults = new Faults();
        faults.Check(!string.IsNullOrWhiteSpace(outputName), "outputColumnName is empty.");
        MaskLoadingEstimator.CheckClasses(classes, faults);
        _video = videoName is null ? null : ColumnCheck.Require(input.Schema, videoName, ColumnKind.Text, faults);
        Check(masks, faults);
        faults.ThrowIfAny("AttachMasks cannot work:");
        (_input, _masks, _classes) = (input, masks, classes);
        var legend = MaskLegend.Of(classes);
        var key = new KeyDataViewType(typeof(uint), (ulong)legend.Count);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input.Schema);
        schema.AddColumns([
            new(outputName, new VectorDataViewType(key), legend.ToAnnotations()),
            MaskSize.ColumnFor(outputName),
        ]);
        Schema = schema.ToSchema();
    }

    /// <summary>Rows are counted.</summary>
    public override bool CanShuffle => false;

    public override DataViewSchema Schema { get; }

    public override long? GetRowCount() => _input.GetRowCount();

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        var passed = _input.Schema.Where(column => active[column.Index]);
        if (!active.AsSpan(_input.Schema.Count).Contains(true))
        {
            return new SequenceCursor(Schema, _input.GetRowCursor(passed), active, moved: null, []);
        }

        var input = _input.GetRowCursor(_video is { } video ? passed.Union([video]) : passed);
        var counter = new FrameMaskCounter(
            _masks,
            _video is { } column ? input.GetGetter<ReadOnlyMemory<char>>(column) : null
        );
        var decoder = new MaskDecoder(_classes);
        (uint[] Keys, int Height, int Width)? current = null;
        ValueGetter<VBuffer<uint>> getKeys = (ref VBuffer<uint> value) => Getters.Copy<uint>(Read().Keys, ref value);
        ValueGetter<VBuffer<int>> getSize = (ref VBuffer<int> value) =>
            Getters.Copy([Read().Height, Read().Width], ref value);
        return new SequenceCursor(Schema, input, active, Move, [getKeys, getSize]);

        void Move(bool found)
        {
            current = null;
            counter.Move(found);
        }

        (uint[] Keys, int Height, int Width) Read() =>
            current ??= counter.Current is { } mask ? decoder.Decode(mask.Path, null) : ([], 0, 0);
    }

    private static void Check(IReadOnlyList<FrameMask> masks, Faults faults)
    {
        faults.Check(masks.Count > 0, "masks is empty; at least one is needed.");
        foreach (var mask in masks)
        {
            faults.Check(mask.Row >= 0, $"'{mask.Path}' belongs to row {mask.Row}; 0 or more is expected.");
            faults.Check(File.Exists(mask.Path), $"the mask '{mask.Path}' does not exist.");
        }

        foreach (var same in masks.GroupBy(mask => (mask.Row, mask.Video)).Where(group => group.Count() > 1))
        {
            faults.Add(
                $"row {same.Key.Row} of {FrameMaskCounter.Name(same.Key.Video)} has {same.Count()} masks: "
                    + $"{string.Join(", ", same.Select(mask => $"'{mask.Path}'"))}."
            );
        }
    }
}
