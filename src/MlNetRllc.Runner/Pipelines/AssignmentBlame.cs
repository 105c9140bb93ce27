using MlNetRllc.Core.Errors;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Finds the assignment that makes a file wrong which is right without it, such as an option that does not go with
/// others of the file: the line that is then refused is not where the mistake was made.</summary>
/// <param name="file">The file, before anything is assigned.</param>
/// <param name="assignments">As given with <c>--set</c>.</param>
internal sealed class AssignmentBlame(YamlFile file, IReadOnlyList<string> assignments)
{
    private readonly (string Path, string Text) source = (file.Path, file.Text);

    /// <summary>The assignments.</summary>
    public IReadOnlyList<string> Assignments => assignments;

    /// <summary>Reads the file; what is refused at a line because of an assignment is said of the assignment.</summary>
    /// <param name="read">Reads it with all assignments.</param>
    /// <param name="again">Reads a fresh copy of it with some of them.</param>
    public T Name<T>(Func<T> read, Func<YamlFile, IReadOnlyList<string>, T> again)
    {
        try { return read(); }
        catch (PipelineException e) when (e.IsAtLine && assignments.Count > 0 && IsRight([], again))
        {
            var alone = assignments.FirstOrDefault(one => IsRight([.. assignments.Where(other => other != one)], again));
            var blamed = alone ?? string.Join(" --set ", assignments);
            var error = new PipelineException($"{e.Message} ({e.Located[..^(e.Message.Length + 2)]})", $"--set {blamed}");
            throw ErrorPage.SectionOf(e) is { } section ? error.About(section) : error;
        }
    }

    private bool IsRight<T>(IReadOnlyList<string> some, Func<YamlFile, IReadOnlyList<string>, T> again)
    {
        try
        {
            again(YamlFile.Parse(source.Path, source.Text), some);
            return true;
        }
        catch (PipelineException) { return false; }
    }
}
