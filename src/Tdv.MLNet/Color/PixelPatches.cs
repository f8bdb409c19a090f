using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Color;

/// <summary>Pictures resized as for a network, cut into square patches of normalized pixels.</summary>
internal sealed record PixelPatches(int ImageHeight, int ImageWidth, int PatchSize)
{
    public int Rows => ImageHeight / PatchSize;

    public int Columns => ImageWidth / PatchSize;

    public int Depth => FramePixels.Channels * PatchSize * PatchSize;

    public void Check(Faults faults)
    {
        faults.Check(PatchSize >= 1, $"patchSize is {PatchSize}; it must be at least 1.");
        Side("imageHeight", ImageHeight);
        Side("imageWidth", ImageWidth);
        faults.Check(
            (long)Math.Max(ImageHeight, 0) * Math.Max(ImageWidth, 0) <= Array.MaxLength / FramePixels.Channels,
            $"imageHeight × imageWidth is {ImageHeight} × {ImageWidth}; at most "
                + $"{Array.MaxLength / FramePixels.Channels} pixels are possible."
        );

        void Side(string name, int pixels) =>
            faults.Check(
                pixels >= 1 && (PatchSize < 1 || pixels % PatchSize == 0),
                $"{name} is {pixels}; it must be a positive multiple of patchSize, {PatchSize}."
            );
    }

    /// <param name="picture">Of any size.</param>
    /// <param name="pixels">Room for the resized picture, <c>[ImageHeight, ImageWidth, 3]</c>.</param>
    /// <param name="features"><c>[Rows, Columns, PatchSize, PatchSize, 3]</c>, written.</param>
    public void Describe(MLImage picture, byte[] pixels, Span<float> features)
    {
        FramePixels.Read(picture, pixels, ImageHeight, ImageWidth);
        int at = 0;
        for (int patch = 0; patch < Rows * Columns; patch++)
        {
            var (top, left) = (patch / Columns * PatchSize, patch % Columns * PatchSize);
            for (int i = 0; i < Depth; i++, at++)
            {
                var (pixel, channel) = Math.DivRem(i, FramePixels.Channels);
                var (y, x) = (top + (pixel / PatchSize), left + (pixel % PatchSize));
                float value = pixels[(((y * ImageWidth) + x) * FramePixels.Channels) + channel] / 255f;
                features[at] = (value - FramePixels.Mean[channel]) / FramePixels.Deviation[channel];
            }
        }
    }
}
