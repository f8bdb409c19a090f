using System.Numerics.Tensors;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Evaluation;

/// <summary>
/// Labeled references, and the ones most similar to a query by cosine: exact, as products of matrices in blocks.
/// </summary>
internal sealed class NeighborIndex
{
    /// <summary>References in one product, so that the similarities of many queries stay small in memory.</summary>
    private const int BlockRows = 1024;

    private const float LeastLength = 1e-12f;

    private readonly int _dimension;
    private readonly int[] _classes;
    private readonly AffineMap[] _blocks;

    /// <param name="references">[n, D], row-major; made of length 1 in place.</param>
    /// <param name="classes">[n], from 0.</param>
    public NeighborIndex(float[] references, int[] classes, int dimension)
    {
        _dimension = dimension;
        _classes = classes;
        Normalize(references, dimension);
        _blocks =
        [
            .. classes
                .Chunk(BlockRows)
                .Select(
                    (block, i) =>
                        new AffineMap(
                            references.AsSpan(i * BlockRows * dimension, block.Length * dimension).ToArray(),
                            new float[block.Length]
                        )
                ),
        ];
    }

    public int Count => _classes.Length;

    /// <summary>Finds the most similar references of each query, most similar first.</summary>
    /// <param name="queries">[count, D]; made of length 1 in place.</param>
    /// <param name="neighbors">References to find, at most <see cref="Count"/>.</param>
    /// <returns>Similarities and classes, <c>[count, neighbors]</c>.</returns>
    public (float[] Similarities, int[] Classes) Find(float[] queries, int count, int neighbors)
    {
        Normalize(queries.AsSpan(0, count * _dimension), _dimension);
        var best = new float[count * neighbors];
        var classes = new int[count * neighbors];
        best.AsSpan().Fill(float.NegativeInfinity);
        var products = new float[count * BlockRows];
        for (var block = 0; block < _blocks.Length; block++)
        {
            var rows = _blocks[block].Outputs;
            var first = block * BlockRows;
            _blocks[block].Apply(queries, count, products);
            Parallel.For(
                0,
                count,
                query =>
                    Merge(
                        products.AsSpan(query * rows, rows),
                        _classes.AsSpan(first, rows),
                        best.AsSpan(query * neighbors, neighbors),
                        classes.AsSpan(query * neighbors, neighbors)
                    )
            );
        }

        return (best, classes);
    }

    /// <summary>Adds up the votes of one query's neighbors, exp(similarity / temperature) each, relative to the first's.</summary>
    /// <param name="similarities">Most similar first.</param>
    /// <param name="classes">Of the same neighbors.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="votes">[classes], written; they add up to 1.</param>
    public static void Vote(
        ReadOnlySpan<float> similarities,
        ReadOnlySpan<int> classes,
        double temperature,
        Span<float> votes
    )
    {
        votes.Clear();
        double sum = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            var vote = Math.Exp((similarities[i] - similarities[0]) / temperature);
            votes[classes[i]] += (float)vote;
            sum += vote;
        }

        for (var c = 0; c < votes.Length; c++)
        {
            votes[c] = (float)(votes[c] / sum);
        }
    }

    /// <summary>Sorts the similar ones among further references into the best so far; the earlier one wins a tie.</summary>
    private static void Merge(
        ReadOnlySpan<float> similarities,
        ReadOnlySpan<int> classes,
        Span<float> best,
        Span<int> bestClasses
    )
    {
        for (var i = 0; i < similarities.Length; i++)
        {
            if (similarities[i] <= best[^1])
            {
                continue;
            }

            var place = best.Length - 1;
            for (; place > 0 && best[place - 1] < similarities[i]; place--)
            {
                best[place] = best[place - 1];
                bestClasses[place] = bestClasses[place - 1];
            }

            best[place] = similarities[i];
            bestClasses[place] = classes[i];
        }
    }

    private static void Normalize(Span<float> rows, int dimension)
    {
        for (var at = 0; at < rows.Length; at += dimension)
        {
            var row = rows.Slice(at, dimension);
            TensorPrimitives.Divide(row, Math.Max(TensorPrimitives.Norm<float>(row), LeastLength), row);
        }
    }
}
