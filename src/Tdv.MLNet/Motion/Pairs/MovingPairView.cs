using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>Made pairs as rows, made anew and alike in each pass: PreviousFrame, Frame, Flow.</summary>
internal sealed class MovingPairView : RowView
{
    public const int PreviousFrame = 0;
    public const int Frame = 1;
    public const int Flow = 2;
    private readonly IDataView? _pictures;
    private readonly DataViewSchema.Column? _column;
    private readonly MovingPairOptions _options;
    private readonly int _seed;

    /// <exception cref="ArgumentException">Options or the column are wrong: all faults are listed.</exception>
    public MovingPairView(IDataView? pictures, string imageColumnName, MovingPairOptions options, int seed)
    {
        (_pictures, _options, _seed) = (pictures, options, seed);
        var faults = new Faults();
        options.Check(faults);
        _column = pictures is null
            ? null
            : ColumnCheck.Require(pictures.Schema, imageColumnName, ColumnKind.Image, faults);
        faults.ThrowIfAny("MakeMovingPairs cannot work:");
        var image = new ImageDataViewType(options.ImageHeight, options.ImageWidth);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("PreviousFrame", image);
        schema.AddColumn("Frame", image);
        schema.AddColumn("Flow", new VectorDataViewType(NumberDataViewType.Single, options.Rows, options.Columns, 2));
        Schema = schema.ToSchema();
    }

    public override DataViewSchema Schema { get; }

    public override bool CanShuffle => false;

    public override long? GetRowCount() => _options.Pairs;

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        // Mixed, since neighbors in a video look alike; of an own seed, so that each pass gives the same pairs.
        var order = _pictures is { CanShuffle: true } ? new Random(_seed) : null;
        Func<DataViewRowCursor>? pictures = _pictures is { } rows
            ? () => rows.GetRowCursor([_column!.Value], order)
            : null;
        var pool = new PicturePool(pictures, _column);
        return new MovingPairCursor(Schema, active, _options, new MovingPairMaker(_options, _seed), pool);
    }
}
