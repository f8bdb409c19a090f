namespace Tdv.MLNet.Motion;

/// <summary>Draws scenes: a background that bends, objects before it that move as rigid or stretched wholes.</summary>
internal sealed class MovingPairMaker(MovingPairOptions options, int seed)
{
    private const double StandingStill = 1 / 8.0;

    /// <summary>What moves least moves at most this part of the maximum.</summary>
    private const double Least = 1 / 16.0;
    private const float GeneratedBackgrounds = 0.05f;
    private const float GeneratedObjects = 0.25f;

    /// <summary>The pair of an index: the same whenever it is made of the same pictures.</summary>
    public MovingPair Make(int index, PicturePool pictures)
    {
        var random = new Random(unchecked((seed * 1_000_003) + (index * 7919)));
        var layers = new List<MovingLayer> { Layer(random, pictures, isObject: false) };
        int objects = options.MaxObjects == 0 ? 0 : random.Next(1, options.MaxObjects + 1);
        for (int i = 0; i < objects; i++)
        {
            layers.Add(Layer(random, pictures, isObject: true));
        }

        using var scene = new MovingScene(options.ImageHeight, options.ImageWidth, layers);
        return scene.Render();
    }

    private MovingLayer Layer(Random random, PicturePool pictures, bool isObject)
    {
        var (height, width) = (options.ImageHeight, options.ImageWidth);
        using var picture = pictures.Draw(random, isObject ? GeneratedObjects : GeneratedBackgrounds);
        return new(
            new(random, picture, height, width, MovingScene.Samples),
            random.NextDouble() < StandingStill
                ? SmoothField.Translation(0, 0)
                : SmoothField.Draw(
                    random,
                    height,
                    width,
                    (float)(options.MaxDisplacement * Math.Pow(Least, random.NextDouble())),
                    waves: !isObject
                ),
            isObject ? LayerShape.Draw(random, height, width) : null
        );
    }
}
