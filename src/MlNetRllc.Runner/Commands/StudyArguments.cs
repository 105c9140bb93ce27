using System.CommandLine;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
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

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(file);
        foreach (var option in (Option[])[set, only, from, runs]) command.Options.Add(option);
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

    /// <summary>Which steps.</summary>
    public RunOptions Chosen(ParseResult given) => new() { Only = Names(given.GetValue(only)), From = given.GetValue(from) };
}
