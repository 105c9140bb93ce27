namespace MlNetRllc.Runner.Pipelines;

/// <summary>A pipeline file with all its combinations; a file without a matrix has one, of no name.</summary>
/// <param name="Name">Names the folder.</param>
/// <param name="Axes">What the combinations differ in, such as <c>seed</c> or <c>model.steps</c>; empty without a matrix.</param>
/// <param name="Cells">The combinations, in the order in which they run.</param>
internal sealed record StudyMatrix(string Name, IReadOnlyList<string> Axes, IReadOnlyList<MatrixCell> Cells)
{
    public bool IsSweep => Axes.Count > 0;

    /// <summary>Where a combination's results lie.</summary>
    public string FolderOf(string runs, MatrixCell cell) => IsSweep ? Path.Combine(runs, Name, cell.Name) : Path.Combine(runs, Name);
}

/// <summary>One combination of a matrix.</summary>
/// <param name="Name">Such as <c>seed-1_model.steps-100</c>; names its folder.</param>
/// <param name="Values">A value for each axis, as text.</param>
/// <param name="Pipeline">The file with these values set.</param>
internal sealed record MatrixCell(string Name, IReadOnlyDictionary<string, string> Values, Pipeline Pipeline);
