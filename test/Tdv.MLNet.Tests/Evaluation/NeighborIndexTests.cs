using Tdv.MLNet.Evaluation;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class NeighborIndexTests
{
    [Fact]
    public void Neighbors_are_those_of_the_largest_cosine()
    {
        // Lengths do not matter. Cosines to (2, 1): 2/√5, 1/√5, 3/√10.
        var index = new NeighborIndex([5, 0, 0, 0.1f, 1, 1], [0, 1, 2], dimension: 2);

        var (similarities, classes) = index.Find([2, 1], count: 1, neighbors: 2);

        Assert.Equal([2, 0], classes);
        Assert.Equal(3 / Math.Sqrt(10), similarities[0], 6);
        Assert.Equal(2 / Math.Sqrt(5), similarities[1], 6);
    }

    [Fact]
    public void Many_references_are_searched_in_blocks_with_the_result_of_sorting_all()
    {
        const int References = 2500;
        const int Queries = 7;
        const int Dimension = 5;
        const int Neighbors = 20;
        var random = new Random(1);
        float[] references = [.. Enumerable.Range(0, References * Dimension).Select(_ => random.NextSingle() - 0.5f)];
        float[] queries = [.. Enumerable.Range(0, Queries * Dimension).Select(_ => random.NextSingle() - 0.5f)];
        var index = new NeighborIndex([.. references], [.. Enumerable.Range(0, References)], Dimension);

        int[] found = index.Find([.. queries], Queries, Neighbors).Classes;

        for (int query = 0; query < Queries; query++)
        {
            float[] q = queries[(query * Dimension)..((query + 1) * Dimension)];
            var expected = Enumerable
                .Range(0, References)
                .OrderByDescending(r => Cosine(q, references[(r * Dimension)..((r + 1) * Dimension)]))
                .Take(Neighbors);
            Assert.Equal(expected, found[(query * Neighbors)..((query + 1) * Neighbors)]);
        }
    }

    [Fact]
    public void Votes_are_the_softmax_of_similarities_over_the_temperature()
    {
        var votes = new float[3];

        NeighborIndex.Vote([0.9f, 0.8f, 0.7f], [2, 0, 2], temperature: 0.1, votes);

        double sum = 1 + Math.Exp(-1) + Math.Exp(-2);
        Assert.Equal(Math.Exp(-1) / sum, votes[0], 1e-6);
        Assert.Equal(0, votes[1]);
        Assert.Equal((1 + Math.Exp(-2)) / sum, votes[2], 1e-6);
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b).Sum(p => (double)p.First * p.Second)
        / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
