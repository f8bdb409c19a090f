using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class PointSearchTests
{
    /// <summary>One row of cells whose features are at these angles, in degrees.</summary>
    private static FeatureGrid Row(params double[] angles)
    {
        var grid = new FeatureGrid(1, angles.Length, 2);
        grid.Set([.. angles.SelectMany(angle => new[] { Cos(angle), (float)Math.Sin(angle * Math.PI / 180) })]);
        return grid;
    }

    [Fact]
    public void Between_cells_features_are_interpolated_and_made_of_length_1()
    {
        float[] feature = new float[2];
        // A quarter of the way from 0° to 90°: (0.75, 0.25), whose length is √0.625.
        PointSearch.Sample(Row(0, 90), new(0, 0.25f), feature);
        Assert.Equal(0.75 / Math.Sqrt(0.625), feature[0], 1e-6);
        Assert.Equal(0.25 / Math.Sqrt(0.625), feature[1], 1e-6);

        PointSearch.Sample(Row(0, 90), new(3, 7), feature);
        Assert.Equal([0, 1], feature.Select(value => MathF.Round(value, 6)));
    }

    [Fact]
    public void A_place_is_the_mean_of_the_best_cell_and_its_neighbors_weighted_by_their_cosines()
    {
        // Cosines with 0°: 0.5, 1, cos 30°, 0; the last is no neighbor of the best.
        var (place, cosine) = new PointSearch(3, temperature: 0.1, penalty: 0).Find(
            [1, 0],
            Row(60, 0, 30, 90),
            new(0, 1)
        );

        var (left, right) = (Math.Exp((0.5 - 1) / 0.1), Math.Exp((Cos(30) - 1) / 0.1));
        Assert.Equal(((0 * left) + 1 + (2 * right)) / (left + 1 + right), place.Column, 1e-4);
        Assert.Equal(0, place.Row, 1e-6);
        Assert.Equal(1, cosine, 1e-6);
    }

    [Fact]
    public void What_lies_outside_the_window_is_not_found()
    {
        var (place, cosine) = new PointSearch(1, temperature: 0.01, penalty: 0).Find(
            [1, 0],
            Row(80, 70, 60, 0),
            new(0, 0)
        );
        Assert.Equal(1, place.Column, 1e-2);
        Assert.Equal(Cos(70), cosine, 1e-6);
    }

    [Theory]
    [InlineData(0.01, 1)]
    [InlineData(0, 4)]
    public void Of_places_that_look_alike_the_nearer_one_is_taken(double penalty, float expected)
    {
        // Cosines with 0°: cos 10° = 0.985 where the point was, and 1 three cells away: 0.985 > 1 − 0.01 · 3².
        var search = new PointSearch(3, temperature: 0.001, penalty);
        var (place, _) = search.Find([1, 0], Row(90, 10, 90, 90, 0, 90), new(0, 1));
        Assert.Equal(expected, place.Column, 1e-3);
    }

    [Fact]
    public void At_the_border_a_neighbor_on_one_side_alone_does_not_pull()
    {
        var (place, _) = new PointSearch(3, temperature: 0.1, penalty: 0).Find([1, 0], Row(0, 20, 40), new(0, 0));
        Assert.Equal(0, place.Column);
    }

    private static float Cos(double degrees) => (float)Math.Cos(degrees * Math.PI / 180);
}
