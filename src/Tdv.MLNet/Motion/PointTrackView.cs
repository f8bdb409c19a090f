using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Rows of videos with the positions of points added. Lazy: nothing is computed unless one of the added columns is asked
/// for, and then frame by frame.
/// </summary>
internal sealed class PointTrackView : RowView
{
    private const string Headline = "TrackPoints cannot work with these arguments:";
    private readonly IDataView _input;
    private readonly IReadOnlyList<TrackQuery> _queries;
    private readonly TrackingOptions _options;

    public PointTrackView(IDataView input, IReadOnlyList<TrackQuery> queries, TrackingOptions options)
    {
        _input = input;
        _queries = [.. queries];
        _options = options;
        var faults = new Faults();
        options.Check(faults);
        TrackQueries.Check(_queries, options, faults);
        faults.ThrowIfAny(Headline);
        Columns = TrackColumns.Bind(input.Schema, options, faults);
        faults.ThrowIfAny("TrackPoints cannot use these columns:");
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input.Schema);
        schema.AddColumn(
            options.TracksColumnName,
            new VectorDataViewType(NumberDataViewType.Single, queries.Count, TrackColumns.Coordinates)
        );
        schema.AddColumn(
            options.VisibleColumnName,
            new VectorDataViewType(BooleanDataViewType.Instance, queries.Count)
        );
        Schema = schema.ToSchema();
    }

    /// <summary>Points are followed from frame to frame.</summary>
    public override bool CanShuffle => false;

    public override DataViewSchema Schema { get; }

    public override long? GetRowCount() => _input.GetRowCount();

    private TrackColumns Columns { get; }

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        bool tracks = active[_input.Schema.Count] || active[_input.Schema.Count + 1];
        var needed = _input.Schema.Where(column => active[column.Index]);
        var input = _input.GetRowCursor(tracks ? needed.Union(Columns.All) : needed);
        try
        {
            var row = tracks ? new PointTrackRow(input, Columns, new TrackQueries(_queries), _options) : null;
            return new PointTrackCursor(Schema, active, input, row);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
