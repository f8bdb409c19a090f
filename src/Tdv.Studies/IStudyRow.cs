namespace Tdv.Studies;

/// <summary>One of the trainings that a study compares.</summary>
internal interface IStudyRow
{
    /// <summary>Names its results; no two rows of any study have the same.</summary>
    string Key { get; }

    /// <summary>What is shown.</summary>
    string Title { get; }
}
