namespace Tdv.Tool.Importing;

/// <summary>A way in which labels of pictures are exported.</summary>
internal interface ILabelFormat
{
    /// <summary>What the command line calls it.</summary>
    string Name { get; }

    /// <summary>Reads all labels; nothing of the pictures is read.</summary>
    /// <param name="input">The export, as the user named it.</param>
    /// <param name="faults">Receives what is wrong with parts of it, with their place.</param>
    /// <exception cref="Output.UserException">It cannot be read at all.</exception>
    ImportedLabels Read(string input, List<string> faults);
}
