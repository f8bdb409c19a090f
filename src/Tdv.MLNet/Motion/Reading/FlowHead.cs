using Tdv.MLNet.Model;
using Tdv.MLNet.PixelWise;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Motion;

/// <summary>
/// A small convolutional network from a cell's features to its flow: a projection, two convolutions of 3 × 3 cells, each
/// rectified, and a linear map. What moves is change in time over change in space, a quotient: no linear map gives it.
/// </summary>
internal sealed class FlowHead : IDisposable
{
    /// <summary>Cells around a cell, with itself.</summary>
    private const int Square = 9;

    /// <summary><c>[outputs, inputs]</c>; the middle ones' inputs are those of 3 × 3 cells, row by row.</summary>
    private readonly Parameter[] _weights;
    private readonly Parameter[] _biases;

    /// <param name="inputs">Features of a cell.</param>
    /// <param name="width">Numbers of a cell in between.</param>
    /// <param name="seed">Of the weights.</param>
    public FlowHead(int inputs, int width, long seed)
    {
        using var init = new Initialization(seed);
        // He et al., 2015: the size of numbers stays the same from layer to layer. The last begins with no motion.
        _weights =
        [
            init.Uniform(Math.Sqrt(6.0 / inputs), width, inputs),
            init.Uniform(Math.Sqrt(6.0 / (Square * width)), width, Square * width),
            init.Uniform(Math.Sqrt(6.0 / (Square * width)), width, Square * width),
            init.Uniform(0, FlowReader.Targets, width),
        ];
        _biases = [.. _weights.Select(weight => init.Uniform(0, weight.size(0)))];
    }

    public IEnumerable<Parameter> Parameters => _weights.Concat(_biases);

    /// <param name="cells">Standardized, <c>[B, height, width, inputs]</c>.</param>
    /// <returns><c>[B, height, width, 2]</c></returns>
    public Tensor Forward(Tensor cells)
    {
        for (int layer = 0; layer < _weights.Length - 1; layer++)
        {
            cells = nn.functional.linear(IsWide(layer) ? Around(cells) : cells, _weights[layer], _biases[layer]).relu();
        }

        return nn.functional.linear(cells, _weights[^1], _biases[^1]);
    }

    /// <summary>The same, of features as they are and to pixels.</summary>
    /// <param name="means">Of the features, <c>[inputs]</c>.</param>
    /// <param name="scales">What a feature less its mean was multiplied by, <c>[inputs]</c>.</param>
    /// <param name="length">Pixels that 1 stands for.</param>
    public IReadOnlyList<FlowLayer> Layers(float[] means, float[] scales, float length)
    {
        FlowLayer[] layers =
        [
            .. _weights.Select(
                (weight, i) => new FlowLayer(IsWide(i) ? 1 : 0, new AffineMap(Numbers(weight), Numbers(_biases[i])))
            ),
        ];
        Standardize(layers[0].Map, means, scales);
        var last = layers[^1].Map;
        layers[^1] = new(
            0,
            new([.. last.Weights.Select(weight => weight * length)], [.. last.Bias.Select(bias => bias * length)])
        );
        return layers;
    }

    public void Dispose()
    {
        foreach (var parameter in Parameters)
        {
            parameter.Dispose();
        }
    }

    private bool IsWide(int layer) => layer > 0 && layer < _weights.Length - 1;

    /// <summary>
    /// <c>[B, height, width, C]</c> to <c>[B, height, width, 9 · C]</c>, 0 beyond the border. As one product: libtorch's own
    /// convolution prints a warning on processors that one of its libraries does not know.
    /// </summary>
    private static Tensor Around(Tensor cells)
    {
        var (height, width) = (cells.size(1), cells.size(2));
        var padded = nn.functional.pad(cells, [0, 0, 1, 1, 1, 1]);
        return cat(
            [.. Enumerable.Range(0, Square).Select(i => padded.narrow(1, i / 3, height).narrow(2, i % 3, width))],
            dim: -1
        );
    }

    private static float[] Numbers(Tensor tensor)
    {
        using var values = tensor.detach();
        return values.data<float>().ToArray();
    }

    private static void Standardize(AffineMap map, float[] means, float[] scales)
    {
        for (int i = 0; i < map.Weights.Length; i++)
        {
            int input = i % map.Inputs;
            map.Weights[i] *= scales[input];
            map.Bias[i / map.Inputs] -= map.Weights[i] * means[input];
        }
    }
}
