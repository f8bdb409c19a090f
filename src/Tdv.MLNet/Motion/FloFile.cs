using System.Buffers.Binary;
using System.IO.Compression;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Middlebury's flow files: a magic number, width, height, then u and v of each pixel, row by row, all little-endian
/// (Baker et al., A Database and Evaluation Methodology for Optical Flow, 2011). Also packed.
/// </summary>
internal static class FloFile
{
    private const float Magic = 202021.25f;
    private const int HeaderBytes = 12;
    private const int PixelBytes = 8;
    private const float UnknownAbove = 1e9f;
    private const float Unknown = 1e10f;

    /// <summary>What deflate makes of its input at most.</summary>
    private const long MaxPacking = 1032;

    public static bool Is(string path) => path.EndsWith(".flo", StringComparison.OrdinalIgnoreCase) || IsPacked(path);

    /// <exception cref="InvalidDataException">It is none, damaged or cut short.</exception>
    public static FlowField Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = IsPacked(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        try
        {
            return Read(stream, path, IsPacked(path) ? file.Length * MaxPacking : file.Length);
        }
        catch (InvalidDataException exception) when (!exception.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"The flow '{path}' cannot be unpacked: it is damaged ({exception.Message}). Copy it anew.",
                exception
            );
        }
    }

    public static void Write(string path, FlowField flow) =>
        AtomicFile.Write(
            path,
            target =>
            {
                using Stream? packed = IsPacked(path)
                    ? new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true)
                    : null;
                Write(packed ?? target, flow);
            }
        );

    private static bool IsPacked(string path) => path.EndsWith(".flo.gz", StringComparison.OrdinalIgnoreCase);

    /// <param name="available">Bytes that there are at most.</param>
    private static FlowField Read(Stream stream, string path, long available)
    {
        var header = new byte[HeaderBytes];
        int length = stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (length < HeaderBytes)
        {
            throw new InvalidDataException(
                $"The flow '{path}' is cut short: it has {length} bytes, fewer than its header's {HeaderBytes}. Copy it anew."
            );
        }

        if (BinaryPrimitives.ReadSingleLittleEndian(header) is var magic && magic != Magic)
        {
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"The flow '{path}' is no .flo file: it begins with {magic}, not with 202021.25."
                )
            );
        }

        int width = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        int height = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (width < 1 || height < 1 || PictureHeader.Fault(path, width, height) is not null)
        {
            throw new InvalidDataException(
                $"The flow '{path}' claims {width} × {height} pixels; 1 to {PictureHeader.MaxPixels} pixels are possible. "
                    + "It is damaged; copy it anew."
            );
        }

        long needed = HeaderBytes + ((long)PixelBytes * width * height);
        return needed <= available ? ReadPixels(stream, path, height, width) : throw CutShort(path, height, width);
    }

    private static FlowField ReadPixels(Stream stream, string path, int height, int width)
    {
        var (u, v) = (new float[height * width], new float[height * width]);
        var row = new byte[PixelBytes * width];
        for (int i = 0; i < u.Length; i++)
        {
            int x = i % width;
            if (x == 0 && stream.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw CutShort(path, height, width);
            }

            float right = BinaryPrimitives.ReadSingleLittleEndian(row.AsSpan(PixelBytes * x));
            float down = BinaryPrimitives.ReadSingleLittleEndian(row.AsSpan((PixelBytes * x) + sizeof(float)));
            bool known = Math.Abs(right) <= UnknownAbove && Math.Abs(down) <= UnknownAbove;
            (u[i], v[i]) = known ? (right, down) : (float.NaN, float.NaN);
        }

        return new FlowField(height, width, u, v);
    }

    private static InvalidDataException CutShort(string path, int height, int width) =>
        new(
            $"The flow '{path}' is cut short: it has not all of the {width} × {height} pixels it claims. Copy it anew."
        );

    private static void Write(Stream stream, FlowField flow)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(flow.Width);
        writer.Write(flow.Height);
        for (int i = 0; i < flow.U.Length; i++)
        {
            writer.Write(flow.Valid[i] ? flow.U[i] : Unknown);
            writer.Write(flow.Valid[i] ? flow.V[i] : Unknown);
        }
    }
}
