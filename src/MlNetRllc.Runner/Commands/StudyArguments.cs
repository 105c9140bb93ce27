using System.CommandLine;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary>What says which study a command is about, and which of its steps.</summary>
internal sealed class StudyArguments
{
    private readonly Argument<string> file = new("file") { Description = "the pipeline file" };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "change an option: step.option=value; all behind the first = is the value, "
            + "a path starts from the file's folder",
        HelpName = "a.b=c",
    };

    private readonly Option<string> runs = RunArgument.Runs();

    private readonly Option<string[]> only = StepNames("--only", "these steps only; what they need must be done");

    private readonly Option<string> from = new("--from")
    {
        Description = "this step and those behind it; what they need must be done",
        HelpName = "step",
    };

    private readonly Option<string> within = TimeArgument.Within();

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(file);
        foreach (var option in (Option[])[set, only, from, within, runs]) command.Options.Add(option);
    }

    /// <summary>An option of names of steps.</summary>
    public static Option<string[]> StepNames(string name, string description) =>
        new(name) { Description = description, HelpName = "step,step" };

    /// <summary>The names that such an option was given.</summary>
    public static string[] Names(string[]? given)
    {
        const StringSplitOptions plain = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. (given ?? []).SelectMany(g => g.Split(',', plain))];
    }

    /// <summary>The pipeline file.</summary>
    public string File(ParseResult given) => given.GetValue(file)!;

    /// <summary>Folder of the run folders.</summary>
    public string Runs(ParseResult given) => given.GetValue(runs)!;

    /// <summary>Reads the study.</summary>
    /// <param name="given">The arguments.</param>
    /// <param name="more">Further assignments, as of <c>--set</c>.</param>
    public StudyMatrix Read(ParseResult given, params IEnumerable<string> more) =>
        StepKinds.Reader.ReadMatrix(File(given), [.. given.GetValue(set) ?? [], .. more]);

    /// <summary>Cuts the study down to the time that was given; gives it as it is where none was.</summary>
    /// <param name="given">The arguments.</param>
    /// <param name="matrix">The study.</param>
    /// <exception cref="PipelineException">Not even the least of it fits.</exception>
    public StudyMatrix Fit(ParseResult given, StudyMatrix matrix)
    {
        if (given.GetValue(within) is not { } text) return matrix;
        var (options, pipeline) = (Chosen(given), matrix.Cells[0].Pipeline);
        if (pipeline.Execution.Executor != ExecutorKind.Local)
            throw new PipelineException($"--within {text}: times are planned for this machine, and the executor is another.");
        var besidesSet = pipeline.Assignments.Skip(given.GetValue(set)?.Length ?? 0).ToList();
        StudyMatrix Reread(IReadOnlyList<string> more) => Read(given, [.. besidesSet, .. more]);
        var budget = new StudyBudget(matrix, Runs(given), Reread, p => StepSelection.StepsOf(p, options));
        var choice = KeptBudget.Find(matrix.FolderOf(Runs(given), matrix.Cells[0]), pipeline, text)
            ?? budget.Choose(text, TimeArgument.TimeOf(text)!.Value);
        var reduced = Reread(choice.Assignments);
        return reduced with
        {
            Cells = [.. reduced.Cells.Select(cell => cell with
            {
                Pipeline = cell.Pipeline with { Assignments = pipeline.Assignments, Budget = choice },
            })],
        };
    }

    /// <summary>Which steps.</summary>
    public RunOptions Chosen(ParseResult given) => new() { Only = Names(given.GetValue(only)), From = given.GetValue(from) };
}
