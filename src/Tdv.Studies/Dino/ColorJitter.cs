using Tdv.MLNet.Imaging;
using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>
/// DINO's random changes of color, with its strengths: brightness and contrast by up to 0.4, saturation by 0.2, hue by 0.1
/// of a turn, in 80 % of the images; gray in 20 %. Always in that order, and hue as a turn around the gray axis.
/// </summary>
internal sealed class ColorJitter(Random random)
{
    private const double Brightness = 0.4;
    private const double Contrast = 0.4;
    private const double Saturation = 0.2;
    private const double Hue = 0.1;
    private const double JitterShare = 0.8;
    private const double GrayShare = 0.2;
    private const int Channels = FramePixels.Channels;

    /// <summary>What red, green and blue count in gray.</summary>
    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    /// <param name="images">Normalized for the network, <c>[B, 3, H, W]</c>.</param>
    /// <returns>The same, recolored.</returns>
    public Tensor Apply(Tensor images)
    {
        var device = images.device;
        int count = (int)images.size(0);
        var matrices = new float[count, Channels, Channels];
        var lifts = new float[count, 1, 1];
        for (int image = 0; image < count; image++)
        {
            lifts[image, 0, 0] = Draw(matrices, image);
        }

        var mean = tensor(FramePixels.Mean, device: device).view(1, Channels, 1);
        var deviation = tensor(FramePixels.Deviation, device: device).view(1, Channels, 1);
        var pixels = images.flatten(2).mul(deviation).Add_(mean);
        var gray = pixels.mean([2L], keepdim: true).mul(tensor(Luma, device: device).view(1, Channels, 1)).sum(1, true);
        var colored = tensor(matrices, device: device)
            .matmul(pixels)
            .Add_(gray.mul(tensor(lifts, device: device)))
            .relu_();
        return minimum(colored, ones_like(colored)).sub_(mean).div_(deviation).view(images.shape);
    }

    /// <summary>
    /// A matrix from old colors to new ones, and what part of the mean gray is added: less contrast is nearer to that.
    /// </summary>
    private float Draw(float[,,] matrices, int image)
    {
        bool jitter = random.NextDouble() < JitterShare;
        double brightness = jitter ? Around(1, Brightness) : 1;
        double contrast = jitter ? Around(1, Contrast) : 1;
        double saturation = jitter ? Around(1, Saturation) : 1;
        double angle = jitter ? Around(0, Hue) * 2 * Math.PI : 0;
        saturation = random.NextDouble() < GrayShare ? 0 : saturation;
        double[] turn =
        [
            (1 + (2 * Math.Cos(angle))) / 3,
            ((1 - Math.Cos(angle)) / 3) - (Math.Sin(angle) / Math.Sqrt(3)),
            ((1 - Math.Cos(angle)) / 3) + (Math.Sin(angle) / Math.Sqrt(3)),
        ];
        for (int to = 0; to < Channels; to++)
        {
            for (int from = 0; from < Channels; from++)
            {
                // The turn leaves gray as it is: turning what is partly gray is turning the rest of it.
                double color = (saturation * turn[(from - to + Channels) % Channels]) + ((1 - saturation) * Luma[from]);
                matrices[image, to, from] = (float)(brightness * contrast * color);
            }
        }

        return (float)(brightness * (1 - contrast));
    }

    private double Around(double middle, double reach) => middle + (reach * ((2 * random.NextDouble()) - 1));
}
