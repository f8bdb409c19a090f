using System.Numerics;
using System.Runtime.InteropServices;
using Tdv.MLNet.Interop;

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
    /// <param name="count">The number of rows.</param>
    /// <param name="result">[count, outputs], written.</param>
    public void Apply(float[] rows, int count, float[] result) =>
        Parallel.For(
            0,
            (count + RowsPerTask - 1) / RowsPerTask,
            task =>
            {
                var end = Math.Min(count, (task + 1) * RowsPerTask);
                for (var row = task * RowsPerTask; row < end; row++)
                {
                    ApplyRow(rows.AsSpan(row * Inputs, Inputs), result.AsSpan(row * Outputs, Outputs));
                }
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
                $"The saved pixel classifier is damaged: a matrix of {outputs} × {inputs} numbers. Save it again."
            );
        }

        reader.CheckCount((long)outputs * inputs, sizeof(float), "numbers of a matrix");
        return new(Floats(reader, outputs * inputs), Floats(reader, outputs));
    }

    private static float[] Floats(BinaryReader reader, int count)
    {
        reader.CheckCount(count, sizeof(float), "numbers");
        var bytes = reader.ReadBytes(count * sizeof(float));
        return bytes.Length == count * sizeof(float)
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new EndOfStreamException("The pixel classifier's model file ends too early.");
    }

    private void ApplyRow(ReadOnlySpan<float> x, Span<float> y)
    {
        for (var o = 0; o < y.Length; o++)
        {
            y[o] = Bias[o] + Dot(x, Weights.AsSpan(o * x.Length, x.Length));
        }
    }

    /// <summary>The scalar product, in four independent sums so that additions need not wait for each other.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        var i = 0;
        for (; i + 4 <= va.Length; i += 4)
        {
            s0 += va[i] * vb[i];
            s1 += va[i + 1] * vb[i + 1];
            s2 += va[i + 2] * vb[i + 2];
            s3 += va[i + 3] * vb[i + 3];
        }

        for (; i < va.Length; i++)
        {
            s0 += va[i] * vb[i];
        }

        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (var j = va.Length * Vector<float>.Count; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }
}
