using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Motion;

/// <summary>Estimates of cells, stretched bilinearly to pixels; the numbers stay as they are.</summary>
internal static class EstimatedGrid
{
    /// <param name="cells"><c>[rows, columns, 2]</c>: to the right, down.</param>
    public static FlowField ToFlow(ReadOnlySpan<float> cells, int rows, int columns, int height, int width)
    {
        var stretch = new PictureStretch(height, width, rows, columns);
        var (u, v) = (new float[height * width], new float[height * width]);
        Span<float> flow = stackalloc float[2];
        for (int pixel = 0; pixel < u.Length; pixel++)
        {
            stretch.Interpolate(cells, pixel, flow);
            (u[pixel], v[pixel]) = (flow[0], flow[1]);
        }

        return new FlowField(height, width, u, v);
    }

    /// <param name="cells"><c>[rows, columns]</c>.</param>
    public static DisparityMap ToDisparity(ReadOnlySpan<float> cells, int rows, int columns, int height, int width)
    {
        var stretch = new PictureStretch(height, width, rows, columns);
        var values = new float[height * width];
        for (int pixel = 0; pixel < values.Length; pixel++)
        {
            stretch.Interpolate(cells, pixel, values.AsSpan(pixel, 1));
        }

        return new DisparityMap(height, width, values);
    }
}
