using System.CommandLine;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Exports;
using MlNetRllc.Runner.Exports.HeadVis;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc export FORMAT RUN</c>: a run as other programs read it.</summary>
internal static class ExportCommand
{
    /// <summary>The folder that the viewer reads, in the one that is given.</summary>
    private const string Data = "data";

    private static readonly (string Line, string Does) Named = (
        "rllc export headvis paper-mini --out headvis/dist", "writes headvis/dist/data, beside the built viewer");

    public static Command Create(Option<bool> verbose) =>
        new CommandWithExamples("export", "write a run as another program reads it", Named) { HeadVis(verbose) };

    private static CommandWithExamples HeadVis(Option<bool> verbose)
    {
        var (run, runs) = (RunArgument.Create("run"), RunArgument.Runs());
        var output = new Option<string>("--out")
        {
            Description = "folder in which the folder 'data' is written; one that this command wrote is replaced",
            HelpName = "folder", Required = true,
        };
        var command = new CommandWithExamples("headvis",
            "write the folder that the HeadVis viewer of attention heads reads (github.com/anthropics/headvis)",
            Named,
            ("rllc export headvis runs/quickstart --out page", "a run by its folder; its numbers alone where no step shows examples"))
        {
            run, runs, output,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var folder = RunArgument.FolderOf(arguments.GetValue(run)!, arguments.GetValue(runs)!);
            Export(folder, Path.Combine(arguments.GetValue(output)!, Data));
            return 0;
        }));
        return command;
    }

    private static void Export(string run, string to)
    {
        if (SweepRecord.Find(run) is { } sweep)
        {
            var first = Path.Combine(run, sweep.Cells[0].Name);
            throw new PipelineException($"these are {sweep.Cells.Count} runs, each with heads of its own; give one, such as {first}.", run);
        }
        var data = HeadVisExport.Read(SourcesOf(run));
        ExportFolder.Write(to, data.Files());
        Console.WriteLine($"{to}: {data.Heads.Count} heads, {data.Metrics.Count} metrics, {data.Sequences} texts. "
            + "Serve it beside the viewer's dist/.");
        if (data.Sequences == 0)
            Console.WriteLine("No texts: an examples step shows some, and with 'tokens' those that each head answers to.");
    }

    private static HeadVisSources SourcesOf(string run) => new()
    {
        Study = NameOf(run),
        Estimates = RunTables.TablesOf(run, StepKinds.The<EstimateStep>()),
        Patterns = RunTables.TablesOf(run, StepKinds.The<PatternsStep>()),
        Scores = RunTables.TablesOf(run, StepKinds.The<ScoreStep>()),
        Clusters = RunTables.TablesOf(run, StepKinds.The<ClusterStep>()),
        ClusterScope = ClusterStep.All,
        Examples = RunTables.TablesOf(run, StepKinds.The<ExamplesStep>(), ".json"),
    };

    private static string NameOf(string run)
    {
        var record = Path.Combine(run, "run.json");
        return RunFiles.ReadWhole(record, () =>
        {
            using var json = JsonDocument.Parse(SealedFile.Read(record));
            return json.RootElement.GetProperty("name").GetString()!;
        });
    }
}
