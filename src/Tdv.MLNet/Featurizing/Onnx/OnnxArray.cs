namespace Tdv.MLNet.Featurizing;

/// <summary>Numbers in row-major order.</summary>
internal sealed record OnnxArray(long[] Shape, float[] Values)
{
    /// <summary>A matrix with rows and columns swapped: a linear layer's weight, as MatMul wants it.</summary>
    public OnnxArray Transposed()
    {
        int rows = (int)Shape[0];
        int columns = (int)Shape[1];
        float[] values = new float[Values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                values[(column * rows) + row] = Values[(row * columns) + column];
            }
        }

        return new OnnxArray([columns, rows], values);
    }
}
