namespace Tdv.MLNet.Motion;

/// <summary>What moves as one: the background, or an object before it.</summary>
/// <param name="Texture">Its look.</param>
/// <param name="Field">Its motion.</param>
/// <param name="Shape">Its outline in the first frame; null: it is everywhere.</param>
internal sealed record MovingLayer(LayerTexture Texture, SmoothField Field, LayerShape? Shape) : IDisposable
{
    public void Dispose() => Texture.Dispose();
}
