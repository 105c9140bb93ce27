using System.CommandLine;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Runner.Tables;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc show RUN</c>: what a run was and what came out.</summary>
internal static class ShowCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var (run, runs) = (RunArgument.Create("run"), RunArgument.Runs());
        var command = new CommandWithExamples("show", "show a run: state, steps, heads",
            ("rllc show quickstart", "the run of that name in runs/"),
            ("rllc show elsewhere/quickstart", "a run by its folder"))
        {
            run, runs,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            Print(RunArgument.FolderOf(arguments.GetValue(run)!, arguments.GetValue(runs)!));
            return 0;
        }));
        return command;
    }

    private static void Print(string folder)
    {
        if (SweepRecord.Find(folder) is { } sweep)
        {
            RunTables.CheckJoined(folder, sweep);
            SweepTable.Print(AnsiConsole.Console, sweep, folder);
            foreach (var problem in sweep.Problems) Console.WriteLine($"  problem: {problem}");
            return;
        }
        var path = Path.Combine(folder, "run.json");
        foreach (var line in RunFiles.ReadWhole(path, () => Lines(path))) Console.WriteLine(line);
        HeadTable.Print(
            AnsiConsole.Console,
            RunTables.TablesOf(folder, StepKinds.The<EstimateStep>()),
            RunTables.TablesOf(folder, StepKinds.The<ClusterStep>()));
    }

    private static List<string> Lines(string path)
    {
        using var record = JsonDocument.Parse(SealedFile.Read(path));
        var root = record.RootElement;
        List<string> lines =
        [
            $"{Text(root, "name")}: {Text(root, "state")}, seed {root.GetProperty("seed").GetInt32()}, "
            + $"started {root.GetProperty("started").GetDateTime():yyyy-MM-dd HH:mm} UTC",
        ];
        foreach (var step in root.GetProperty("steps").EnumerateArray())
        {
            var before = step.TryGetProperty("kept", out var kept) && kept.GetBoolean() ? ", done before" : "";
            lines.Add($"  {Text(step, "name")}: {Text(step, "summary")} ({step.GetProperty("seconds").GetDouble():F1} s{before})");
        }
        foreach (var problem in root.GetProperty("problems").EnumerateArray()) lines.Add($"  problem: {problem.GetString()}");
        return lines;
    }

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();
}
