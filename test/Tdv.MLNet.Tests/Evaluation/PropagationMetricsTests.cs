using OpenCvSharp;
using Tdv.MLNet.Evaluation;
using Tdv.MLNet.Masks;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class PropagationMetricsTests
{
    private static readonly MaskLegend Legend = MaskLegend.Of([
        new(0, "Ground", 0, 0, 0),
        new(7, "Cat", 9, 9, 9),
        new(8, "Dog", 5, 5, 5),
    ]);

    /// <summary>
    /// Squares of 4×4 pixels in 10×12; the boundary is a ring of 16 pixels, half a pixel up and left, of which those at the
    /// edge of the picture are missing: moved by 4, 13 are left. A pixel may be off by one.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 9 / 16.0)]
    [InlineData(4, 14 / 29.0)]
    public void The_boundary_of_a_square_moved_to_the_right(int distance, double expected)
    {
        Assert.Equal(expected, new BoundaryMeasure().Of(Square(4, 4), Square(4, 4 + distance), 2, 10, 12), 1e-12);
    }

    [Fact]
    public void An_object_in_neither_mask_is_right_and_in_one_only_wrong()
    {
        var measure = new BoundaryMeasure();
        uint[] none = new uint[120];
        Assert.Equal(1, measure.Of(none, none, 2, 10, 12));
        Assert.Equal(0, measure.Of(Square(4, 4), none, 2, 10, 12));
        Assert.Equal(0, measure.Of(none, Square(4, 4), 2, 10, 12));
        Assert.Equal(1, PropagationScore.Region(none, none, 2));
        Assert.Equal(0, PropagationScore.Region(Square(4, 4), none, 2));
        Assert.Equal(4 / 28.0, PropagationScore.Region(Square(4, 4), Square(4, 7), 2), 1e-12);
    }

    /// <summary>An object that fills the picture has no boundary at all.</summary>
    [Fact]
    public void The_edge_of_the_picture_is_no_boundary()
    {
        uint[] full = [.. Enumerable.Repeat(2u, 120)];
        Assert.Equal(1, new BoundaryMeasure().Of(full, new uint[120], 2, 10, 12));
    }

    /// <summary>The same formula with OpenCV's dilation by a disk of 4 pixels: 0.8 % of 500, the diagonal.</summary>
    [Fact]
    public void The_boundary_measure_agrees_with_dilation()
    {
        const int height = 300;
        const int width = 400;
        var random = new Random(3);
        for (int i = 0; i < 4; i++)
        {
            using var truth = Blobs();
            using var found = Blobs();
            using var truthEdge = Edge(truth);
            using var foundEdge = Edge(found);
            double precision = Near(foundEdge, truthEdge);
            double recall = Near(truthEdge, foundEdge);
            double expected = 2 * precision * recall / (precision + recall);
            Assert.Equal(expected, new BoundaryMeasure().Of(Keys(truth), Keys(found), 1, height, width), 1e-9);
            Assert.InRange(expected, 0.05, 0.95);
        }

        Mat Blobs()
        {
            var picture = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
            for (int i = 0; i < 12; i++)
            {
                var place = new Point(random.Next(width), random.Next(height));
                Cv2.Circle(picture, place, random.Next(5, 60), Scalar.White, -1);
            }

            return picture;
        }

        static uint[] Keys(Mat picture)
        {
            picture.GetArray(out byte[] pixels);
            return [.. pixels.Select(pixel => pixel > 0 ? 1u : 0)];
        }

        static Mat Edge(Mat picture)
        {
            using var padded = new Mat();
            Cv2.CopyMakeBorder(picture, padded, 0, 1, 0, 1, BorderTypes.Replicate);
            var edge = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
            foreach (var (y, x) in ((int, int)[])[(0, 1), (1, 0), (1, 1)])
            {
                using var moved = padded[y, y + height, x, x + width];
                using var differs = new Mat();
                Cv2.BitwiseXor(picture, moved, differs);
                Cv2.BitwiseOr(edge, differs, edge);
            }

            return edge;
        }

        static double Near(Mat edge, Mat other)
        {
            using var disk = new Mat(9, 9, MatType.CV_8UC1, Scalar.Black);
            for (int i = 0; i < 81; i++)
            {
                var (y, x) = ((i / 9) - 4, (i % 9) - 4);
                disk.Set(i / 9, i % 9, (byte)((y * y) + (x * x) <= 16 ? 1 : 0));
            }

            using var wide = new Mat();
            Cv2.Dilate(other, wide, disk);
            Cv2.BitwiseAnd(edge, wide, wide);
            return (double)Cv2.CountNonZero(wide) / Cv2.CountNonZero(edge);
        }
    }

    /// <summary>NumPy: ids are 0, 2, 4, 5, 7 for eight frames and 0, 1, 1, 2, 2 for three, and both ends belong to a quarter.</summary>
    [Fact]
    public void Mean_recall_and_decay()
    {
        var eight = PropagationStatistics.Of([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0]);
        Assert.Equal(4.9 / 8, eight.Mean, 1e-12);
        Assert.Equal(5 / 8.0, eight.Recall, 1e-12);
        Assert.Equal(0.9 - 0.3, eight.Decay, 1e-12);
        Assert.Equal(0.9 - 0.2, PropagationStatistics.Of([1, 0.8, 0.2]).Decay, 1e-12);
        Assert.Equal(new PropagationStatistics(0.7, 1, 0), PropagationStatistics.Of([0.7]));
    }

    /// <summary>The first and the last frame do not count; what is not in the first frame is no object.</summary>
    [Fact]
    public void Objects_of_videos()
    {
        var score = new PropagationScore(Legend);
        Add("a", [1, 2, 2, 1], [1, 1, 1, 1]);
        Add("a", [1, 2, 2, 1], [1, 2, 2, 1]);
        Add("a", [1, 2, 2, 3], [1, 1, 2, 3]);
        Add("a", [1, 2, 2, 1], [1, 1, 1, 1]);
        Add("b", [2, 0, 3, 3], [1, 1, 1, 1]);
        Add("b", [2, 0, 3, 3], [2, 2, 3, 1]);
        Add("b", [2, 0, 3, 3], [1, 1, 1, 1]);
        Add("short", [2, 2, 2, 2], [2, 2, 2, 2]);
        Add("short", [2, 2, 2, 2], [2, 2, 2, 2]);
        Add("empty", [1, 1, 0, 1], [1, 1, 1, 1]);

        var metrics = score.ToMetrics();

        Assert.Equal(
            [("a", "Cat", 0.75, 2), ("b", "Cat", 0.5, 1), ("b", "Dog", 0.5, 1)],
            metrics.Objects.Select(one => (one.Video, one.Name, one.Region.Mean, one.FrameCount))
        );
        Assert.Equal(["short", "empty"], metrics.UnmeasuredVideos);
        Assert.Equal((0.75 + 0.5 + 0.5) / 3, metrics.Region.Mean, 1e-12);
        Assert.Equal((metrics.Region.Mean + metrics.Boundary.Mean) / 2, metrics.RegionAndBoundary, 1e-12);
        Assert.StartsWith("J&F=", metrics.ToString(), StringComparison.Ordinal);
        Assert.Contains("b, Dog", metrics.GetFormattedTable(), StringComparison.Ordinal);
        Assert.EndsWith(
            "3 objects in 2 videos; nothing to measure in 'short', 'empty'",
            metrics.GetFormattedTable(),
            StringComparison.Ordinal
        );

        void Add(string video, uint[] truth, uint[] found) => score.Add(video, truth, found, 1, 4);
    }

    [Fact]
    public void Nothing_to_measure_is_an_error()
    {
        var score = new PropagationScore(Legend);
        score.Add("a", [1, 2], [1, 2], 1, 2);

        var error = Assert.Throws<InvalidOperationException>(score.ToMetrics);

        Assert.Equal(
            "There is nothing to evaluate: 1 videos, and none with three frames or more and an object in the first one. The "
                + "class with the id 0 is background; the first and the last frame of a video are not measured.",
            error.Message
        );
    }

    private static uint[] Square(int top, int left) =>
        [
            .. Enumerable
                .Range(0, 120)
                .Select(i => i / 12 >= top && i / 12 < top + 4 && i % 12 >= left && i % 12 < left + 4 ? 2u : 1),
        ];
}
