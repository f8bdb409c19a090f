using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class PropagateMasksTests
{
    private static readonly PropagationOptions OnGrid = new()
    {
        ImageColumnName = null,
        PatchSize = 1,
        Neighbors = 1,
        ConfidenceColumnName = "Confidence",
    };
    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public PropagateMasksTests() =>
        _ml.Log += (_, entry) =>
        {
            if (entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                _warnings.Add(entry.RawMessage);
            }
        };

    /// <summary>What stands still keeps its class, also in the second video; each begins with its own mask.</summary>
    [Fact]
    public void Each_video_begins_anew()
    {
        var (masks, confidence) = Run([
            new("a", [1, 2, 3], [1, 2, 2]),
            new("a", [1, 2, 3]),
            new("a", [3, 2, 1]),
            new("b", [1, 2, 3], [2, 1, 1]),
            new("b", [1, 2, 3]),
        ]);

        Same(
            [
                [1, 2, 2],
                [1, 2, 2],
                [2, 2, 1],
                [2, 1, 1],
                [2, 1, 1],
            ],
            masks
        );
        Assert.All(confidence.SelectMany(one => one), value => Assert.Equal(1, value));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_video_of_one_frame_has_the_given_mask()
    {
        Same(
            [
                [2, 0, 1],
            ],
            Run([new("a", [1, 2, 3], [2, 0, 1])]).Masks
        );
    }

    [Fact]
    public void A_later_mask_is_the_result_there_and_goes_on()
    {
        var (masks, _) = Run([
            new("a", [1, 2, 3], [1, 1, 1]),
            new("a", [1, 2, 4]),
            new("a", [1, 2, 4], [1, 1, 2]),
            new("a", [4, 2, 1]),
        ]);

        Same(
            [
                [1, 1, 1],
                [1, 1, 1],
                [1, 1, 2],
                [2, 1, 1],
            ],
            masks
        );
    }

    [Fact]
    public void Pixels_without_a_class_pass_on_nothing()
    {
        var (masks, confidence) = Run(
            [new("a", [1, 2, 3], [1, 0, 2]), new("a", [1, 3, 3])],
            OnGrid with
            {
                Radius = 1,
            }
        );

        Same(
            [
                [1, 0, 2],
                [1, 2, 2],
            ],
            masks
        );
        Assert.Equal([1f, 0f, 1f], confidence[0]);
        (masks, confidence) = Run([new("a", [1, 2, 3], [1, 0, 0]), new("a", [1, 3, 3])], OnGrid with { Radius = 1 });

        // No cell around the last one has a class.
        Assert.Equal([1u, 1u, 0u], masks[1]);
        Assert.Equal([1f, 1f, 0f], confidence[1]);
    }

    [Fact]
    public void The_confidence_is_the_share_of_the_class()
    {
        var (masks, confidence) = Run(
            [new("a", [1, 1, 1], [1, 1, 2]), new("a", [1, 1, 1])],
            OnGrid with
            {
                Neighbors = 3,
                Decision = MaskDecision.Largest,
            }
        );

        Assert.Equal([1u, 1u, 1u], masks[1]);
        Assert.All(confidence[1], value => Assert.Equal(2 / 3f, value, 1e-5f));
    }

    [Fact]
    public void A_class_that_vanishes_is_told_once_and_may_come_back()
    {
        var (masks, _) = Run([
            new("a", [1, 2, 3], [1, 1, 2]),
            new("a", [1, 2, 2]),
            new("a", [1, 2, 2]),
            new("a", [1, 2, 3]),
        ]);

        Same(
            [
                [1, 1, 2],
                [1, 1, 1],
                [1, 1, 1],
                [1, 1, 2],
            ],
            masks
        );
        string warning = Assert.Single(_warnings);
        Assert.Equal(
            "Class '1' has vanished from video 'a': it may be out of sight, or lost. A mask given in a later frame brings it "
                + "back.",
            warning
        );
    }

    [Fact]
    public void A_video_without_a_first_mask_is_an_error_unless_allowed()
    {
        Cells[] rows = [new("a", [1, 2, 3], [0, 0, 0]), new("a", [1, 2, 3], [1, 2, 2]), new("a", [1, 2, 3])];

        var error = Assert.Throws<InvalidDataException>(() => Run(rows));
        var (masks, confidence) = Run(rows, OnGrid with { MasksMayStartLater = true });

        Assert.Equal(
            "Row 0: video 'a' begins without a mask in 'Mask', so there is nothing to carry on. Give its first frame a mask, "
                + "or set PropagationOptions.MasksMayStartLater.",
            error.Message
        );
        Same(
            [
                [],
                [1, 2, 2],
                [1, 2, 2],
            ],
            masks
        );
        Assert.Empty(confidence[0]);
    }

    [Fact]
    public void A_mask_of_another_size_is_an_error()
    {
        var error = Assert.Throws<InvalidDataException>(() => Run([new("a", [1, 2, 3], [1, 2])]));

        Assert.Equal(
            "Row 0: the mask in 'Mask' has 2 pixels, but the feature grid is 3×1 = 3. A mask must have the size of what it "
                + "labels.",
            error.Message
        );
    }

    [Fact]
    public void Features_that_are_no_numbers_are_an_error()
    {
        var error = Assert.Throws<InvalidDataException>(() => Run([new("a", [1, float.NaN, 3], [1, 1, 2])]));

        Assert.StartsWith(
            "Row 0: 'Features' holds NaN (number 4 of 12); finite numbers are expected.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new PropagationOptions
        {
            FeatureColumnName = "Mask",
            MaskColumnName = "Masks",
            Radius = -1,
            Neighbors = 0,
            Temperature = 0,
            ContextFrames = -1,
            Corrections = 0,
            PatchSize = 0,
            ConfidenceColumnName = "PropagatedMask",
        };

        var error = Assert.Throws<ArgumentException>(() => _ml.Data.PropagateMasks(View([]), options));

        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Equal("PropagateMasks cannot work:", lines[0]);
        Assert.Equal("- OutputColumnName and ConfidenceColumnName are both 'PropagatedMask'.", lines[1]);
        Assert.Equal("- ContextFrames is -1; 0 to 1024 is expected.", lines[2]);
        Assert.Equal("- Corrections is 0; 1 to 1024 is expected.", lines[3]);
        Assert.Equal("- Radius is -1; 0 to 1024 is expected.", lines[4]);
        Assert.Equal("- Neighbors is 0; 1 to 1024 is expected.", lines[5]);
        Assert.Equal("- PatchSize is 0; 1 to 256 is expected.", lines[6]);
        Assert.Equal("- Temperature is 0; a number above 0 is expected.", lines[7]);
        Assert.StartsWith("- column 'Mask' is of type ", lines[8], StringComparison.Ordinal);
        Assert.StartsWith("- there is no column 'Masks' among ", lines[9], StringComparison.Ordinal);
        Assert.StartsWith("- there is no column 'Frame' among ", lines[10], StringComparison.Ordinal);
        Assert.Equal(11, lines.Length);
    }

    [Fact]
    public void Features_are_read_only_if_masks_are()
    {
        int read = 0;
        var rows = View([new("a", [1, 2, 3], [1, 2, 2]), new("a", [1, 2, 3])]);
        var counted = _ml
            .Transforms.CustomMapping<Cells, Counted>(
                (row, result) =>
                {
                    read++;
                    result.Features = row.Features;
                },
                null
            )
            .Fit(rows)
            .Transform(rows);
        var view = _ml.Data.PropagateMasks(counted, OnGrid with { FeatureColumnName = "Counted" });

        Assert.Equal(["a", "a"], view.GetColumn<string>("Video"));
        Assert.Equal(0, read);
        Assert.Equal(2, view.GetColumn<VBuffer<uint>>("PropagatedMask").Count());
        Assert.Equal(2, read);
    }

    [Fact]
    public void Masks_keep_their_legend_and_order_of_rows()
    {
        var view = _ml.Data.PropagateMasks(View([new("a", [1, 2, 3], [1, 2, 2])]), OnGrid);

        Assert.False(view.CanShuffle);
        var key = ((VectorDataViewType)view.Schema["PropagatedMask"].Type).ItemType;
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), key);
    }

    private static void Same(uint[][] expected, uint[][] found) => Assert.Equal(expected, found);

    private (uint[][] Masks, float[][] Confidence) Run(Cells[] rows, PropagationOptions? options = null)
    {
        var view = _ml.Data.PropagateMasks(View(rows), options ?? OnGrid);
        return (
            [.. view.GetColumn<VBuffer<uint>>("PropagatedMask").Select(mask => mask.DenseValues().ToArray())],
            [.. view.GetColumn<VBuffer<float>>("Confidence").Select(values => values.DenseValues().ToArray())]
        );
    }

    private IDataView View(Cells[] rows) => _ml.Data.LoadFromEnumerable(rows);

    /// <summary>A frame of three cells, each of a kind that is unlike the others.</summary>
    private sealed class Cells
    {
        public Cells() { }

        public Cells(string video, float[] kinds, uint[]? mask = null)
        {
            (Video, Mask) = (video, mask ?? []);
            Features = [.. kinds.SelectMany(kind => float.IsNaN(kind) ? [kind, 0, 0, 0] : OneHot((int)kind - 1))];
        }

        public string Video { get; set; } = "";

        [VectorType(1, 3, 4)]
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint[] Mask { get; set; } = [];

        private static float[] OneHot(int index) => [.. Enumerable.Range(0, 4).Select(i => i == index ? 1f : 0)];
    }

    private sealed class Counted
    {
        [VectorType(1, 3, 4)]
        [ColumnName("Counted")]
        public float[] Features { get; set; } = [];
    }
}
