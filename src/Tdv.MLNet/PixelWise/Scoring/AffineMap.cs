using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.PixelWise;

/// <summary>y = W x + b for many rows at once: the whitening, and linear classifiers.</summary>
/// <param name="Weights">[outputs, inputs], row-major.</param>
/// <param name="Bias">[outputs].</param>
internal sealed record AffineMap(float[] Weights, float[] Bias)
{
    private const int RowsPerTask = 64;

    public int Outputs => Bias.Length;

    public int Inputs => Weights.Length / Bias.Length;

    /// <summary>Maps rows in parallel; the results do not depend on the number of threads.</summary>
    /// <param name="rows">[count, inputs].</param>
    /// <param name="result">[count, outputs], written.</param>
    public void Apply(float[] rows, int count, float[] result) =>
        Parallel.For(
            0,
            (count + RowsPerTask - 1) / RowsPerTask,
            task =>
            {
                var start = task * RowsPerTask;
                var rowsOfTask = Math.Min(RowsPerTask, count - start);
                ApplyRows(
                    rows.AsSpan(start * Inputs, rowsOfTask * Inputs),
                    result.AsSpan(start * Outputs, rowsOfTask * Outputs)
                );
            }
        );

    /// <summary>The map that first applies <paramref name="first"/>, then this one.</summary>
    public AffineMap After(AffineMap first)
    {
        var weights = new float[Outputs * first.Inputs];
        var bias = new float[Outputs];
        var sums = new double[first.Inputs];
        for (var o = 0; o < Outputs; o++)
        {
            double offset = Bias[o];
            Array.Clear(sums);
            for (var m = 0; m < Inputs; m++)
            {
                double w = Weights[o * Inputs + m];
                offset += w * first.Bias[m];
                for (var i = 0; i < sums.Length; i++)
                {
                    sums[i] += w * first.Weights[m * sums.Length + i];
                }
            }

            bias[o] = (float)offset;
            for (var i = 0; i < sums.Length; i++)
            {
                weights[o * sums.Length + i] = (float)sums[i];
            }
        }

        return new AffineMap(weights, bias);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Outputs);
        writer.Write(Inputs);
        writer.Write(MemoryMarshal.AsBytes(Weights.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(Bias.AsSpan()));
    }

    public static AffineMap Load(BinaryReader reader)
    {
        var outputs = reader.ReadInt32();
        var inputs = reader.ReadInt32();
        if (outputs <= 0 || inputs <= 0)
        {
            throw new InvalidDataException(
                $"The saved model is damaged: a matrix of {outputs} × {inputs} numbers. Save it again."
            );
        }

        reader.CheckCount((long)outputs * inputs, sizeof(float), "numbers of a matrix");
        var map = new AffineMap(Floats(reader, outputs * inputs), Floats(reader, outputs));
        FiniteNumbers.RequireFinite(map.Weights, "a matrix");
        FiniteNumbers.RequireFinite(map.Bias, "a matrix's offset");
        return map;
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        reader.CheckCount(count, sizeof(float), "numbers");
        var bytes = reader.ReadBytes(count * sizeof(float));
        return bytes.Length == count * sizeof(float)
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new EndOfStreamException("The saved model ends too early.");
    }

    /// <summary>
    /// Blocks of two rows and four outputs: each number loaded serves several products. A
    /// <see cref="TensorPrimitives.Dot{T}"/> for each number takes 1.6 times as long with 597 outputs, and 1.1 with 11.
    /// </summary>
    private void ApplyRows(ReadOnlySpan<float> x, Span<float> y)
    {
        var d = Inputs;
        var count = x.Length / d;
        var pairs = count - count % 2;
        var fours = Outputs - Outputs % 4;
        for (var o = 0; o < fours; o += 4)
        {
            for (var row = 0; row < pairs; row += 2)
            {
                Block(
                    x.Slice(row * d, d),
                    x.Slice((row + 1) * d, d),
                    o,
                    y.Slice(row * Outputs + o, 4),
                    y.Slice((row + 1) * Outputs + o, 4)
                );
            }
        }

        for (var row = 0; row < count; row++)
        {
            for (var o = row < pairs ? fours : 0; o < Outputs; o++)
            {
                y[row * Outputs + o] = Bias[o] + TensorPrimitives.Dot(x.Slice(row * d, d), Weights.AsSpan(o * d, d));
            }
        }
    }

    private void Block(ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, int o, Span<float> y0, Span<float> y1)
    {
        var d = x0.Length;
        var a = Vectors(x0);
        var b = Vectors(x1);
        var w0 = Vectors(Weights.AsSpan(o * d, d))[..a.Length];
        var w1 = Vectors(Weights.AsSpan((o + 1) * d, d))[..a.Length];
        var w2 = Vectors(Weights.AsSpan((o + 2) * d, d))[..a.Length];
        var w3 = Vectors(Weights.AsSpan((o + 3) * d, d))[..a.Length];
        b = b[..a.Length];
        Vector<float> a0 = default,
            a1 = default,
            a2 = default,
            a3 = default,
            b0 = default,
            b1 = default,
            b2 = default,
            b3 = default;
        for (var i = 0; i < a.Length; i++)
        {
            a0 += a[i] * w0[i];
            b0 += b[i] * w0[i];
            a1 += a[i] * w1[i];
            b1 += b[i] * w1[i];
            a2 += a[i] * w2[i];
            b2 += b[i] * w2[i];
            a3 += a[i] * w3[i];
            b3 += b[i] * w3[i];
        }

        (y0[0], y0[1], y0[2], y0[3]) = (Vector.Sum(a0), Vector.Sum(a1), Vector.Sum(a2), Vector.Sum(a3));
        (y1[0], y1[1], y1[2], y1[3]) = (Vector.Sum(b0), Vector.Sum(b1), Vector.Sum(b2), Vector.Sum(b3));
        int rest = a.Length * Vector<float>.Count;
        for (var k = 0; k < 4; k++)
        {
            var w = Weights.AsSpan((o + k) * d, d)[rest..];
            y0[k] += Bias[o + k] + TensorPrimitives.Dot(x0[rest..], w);
            y1[k] += Bias[o + k] + TensorPrimitives.Dot(x1[rest..], w);
        }
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) =>
        MemoryMarshal.Cast<float, Vector<float>>(values);
}
