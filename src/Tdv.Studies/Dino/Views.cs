using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>
/// The views of a frame that DINO compares, as its code makes them (Caron et al. 2021): two global ones of 40 to 100 % of
/// the frame's area, local ones of 5 to 40 %, at 96/224 of the size in whole patches. With augmentations they are flipped
/// in half of the cases, recolored (<see cref="ColorJitter"/>) and blurred: the first global view always, the second in
/// 10 %, local ones in 50 %. Unlike there, nothing is solarized, and crops are cut from the shrunken frame.
/// </summary>
internal sealed class Views
{
    private const int Globals = 2;
    private const double LeastGlobal = 0.4;
    private const double MostGlobal = 1;
    private const double LeastLocal = 0.05;
    private const double MostLocal = 0.4;
    private const double LocalSize = 96.0 / 224;
    private const double FlipShare = 0.5;
    private const double LeastBlur = 0.1;
    private const double MostBlur = 2;
    private const double LocalBlurShare = 0.5;

    /// <summary>The size of frames that DINO's blurs are meant for.</summary>
    private const double BlurSize = 224;

    private static readonly double[] GlobalBlurShares = [1, 0.1];

    private readonly ViewOptions _options;
    private readonly int _size;
    private readonly Random _random;
    private readonly ColorJitter _colors;

    /// <param name="options">Which views.</param>
    /// <param name="size">Height and width of the frames and of global views.</param>
    /// <param name="patchSize">Of the network.</param>
    /// <param name="seed">Decides about everything random.</param>
    public Views(ViewOptions options, int size, int patchSize, int seed)
    {
        _options = options;
        _size = size;
        _random = new Random(seed);
        _colors = new ColorJitter(_random);
        LocalViewSize = Math.Max(1, (int)Math.Round(LocalSize * size / patchSize)) * patchSize;
    }

    /// <summary>Height and width of local views.</summary>
    public int LocalViewSize { get; }

    /// <param name="frames">Normalized for the network, <c>[B, 3, size, size]</c>.</param>
    /// <returns>Two global views, <c>[B, 3, size, size]</c> each.</returns>
    public IReadOnlyList<Tensor> Global(Tensor frames) =>
        [
            .. Enumerable
                .Range(0, Globals)
                .Select(view =>
                    view < _options.RandomCrops
                        ? Random(frames, LeastGlobal, MostGlobal, _size, GlobalBlurShares[view])
                        : Augmented(
                            frames,
                            [.. Enumerable.Repeat(Crop.Whole(_size), (int)frames.size(0))],
                            _size,
                            GlobalBlurShares[view]
                        )
                ),
        ];

    /// <param name="frames">Normalized for the network, <c>[B, 3, size, size]</c>.</param>
    /// <returns>Local views, <c>[B, 3, s, s]</c> each; s: <see cref="LocalViewSize"/>.</returns>
    public IReadOnlyList<Tensor> Local(Tensor frames) =>
        [
            .. Enumerable
                .Range(0, _options.LocalCrops)
                .Select(_ => Random(frames, LeastLocal, MostLocal, LocalViewSize, LocalBlurShare)),
        ];

    private Tensor Random(Tensor frames, double least, double most, int size, double blurShare) =>
        Augmented(
            frames,
            [.. Enumerable.Range(0, (int)frames.size(0)).Select(_ => Crop.Draw(_random, _size, least, most))],
            size,
            blurShare
        );

    private Tensor Augmented(Tensor frames, Crop[] crops, int size, double blurShare)
    {
        if (!_options.Augment)
        {
            return Resampling.Cut(frames, crops, size);
        }

        Crop[] flipped = [.. crops.Select(crop => crop with { Flip = _random.NextDouble() < FlipShare })];
        double[] blurs = [.. crops.Select(_ => _random.NextDouble() < blurShare ? DrawBlur() : 0)];
        return Resampling.Blur(_colors.Apply(Resampling.Cut(frames, flipped, size)), blurs);
    }

    private double DrawBlur() => (LeastBlur + ((MostBlur - LeastBlur) * _random.NextDouble())) * _size / BlurSize;
}
