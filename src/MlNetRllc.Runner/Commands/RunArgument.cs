using System.CommandLine;
using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Commands;

/// <summary>Names a run that is there: by its folder, or by the study's name in the folder of the run folders.</summary>
internal static class RunArgument
{
    /// <summary>The argument.</summary>
    public static Argument<string> Create(string name) =>
        new(name) { Description = "a run: the study's name, such as quickstart, or its folder" };

    /// <summary>The option that says where names are looked for.</summary>
    public static Option<string> Runs()
    {
        var runs = new Option<string>("--runs")
        {
            Description = "folder of the run folders", HelpName = "folder", DefaultValueFactory = _ => "runs",
        };
        runs.Validators.Add(given =>
        {
            if (given.Tokens is [var folder] && File.Exists(folder.Value))
                given.AddError($"--runs {folder.Value}: this is a file; give the folder that holds the run folders.");
        });
        return runs;
    }

    /// <summary>The folder of a run.</summary>
    /// <param name="given">A folder or a name.</param>
    /// <param name="runs">Folder of the run folders.</param>
    /// <exception cref="PipelineException">No run is in either place; the nearest name is told.</exception>
    public static string FolderOf(string given, string runs)
    {
        var named = Path.Combine(runs, given);
        if (((string[])[given, named]).FirstOrDefault(IsRun) is { } found) return found;
        var names = Directory.Exists(runs) ? Directory.EnumerateDirectories(runs).Where(IsRun).Select(Path.GetFileName) : [];
        throw new PipelineException(
            $"there is no run.json here, nor in {named}; give the folder of a run, or a study's name."
            + NearestName.Hint(given, names.Order(StringComparer.Ordinal)!), given);
    }

    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, "run.json")) || File.Exists(Path.Combine(folder, SweepRecord.FileName));
}
