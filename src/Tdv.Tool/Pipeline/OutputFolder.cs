using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>The folder that a command writes to, tried before any work.</summary>
internal static class OutputFolder
{
    /// <summary>Creates the folder and makes sure that files can be written into it.</summary>
    /// <exception cref="UserException">They cannot.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, $".tdv-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"The output folder '{path}' cannot be written to: {exception.Message} Choose another with --out.",
                exception
            );
        }
    }
}
