using System.CommandLine;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc run FILE</c>.</summary>
internal static class RunCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var file = new Argument<string>("file") { Description = "the pipeline file" };
        var set = new Option<string[]>("--set") { Description = "change an option: step.option=value", HelpName = "a.b=c" };
        var output = new Option<string>("--runs") { Description = "folder of the run folders", DefaultValueFactory = _ => "runs" };
        var plain = new Option<bool>("--plain") { Description = "plain lines instead of live bars" };
        var log = new Option<string>("--log") { Description = "json: a JSON object a line, for programs", HelpName = "json" };
        log.AcceptOnlyFromAmong("json");
        var command = new Command("run", "run a study; what an earlier run finished is kept") { file, set, output, plain, log };
        command.SetAction(arguments => Failures.Guard(arguments.GetValue(verbose), () =>
        {
            var pipeline = PipelineReader.Read(arguments.GetValue(file)!, arguments.GetValue(set));
            TorchNative.EnsureLoaded();
            using var folder = RunFolder.Open(Path.Combine(arguments.GetValue(output)!, pipeline.Name));
            using var interruption = new Interruption();
            var live = !arguments.GetValue(plain) && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;
            var json = arguments.GetValue(log) == "json";
            IStudyDisplay display = json ? new JsonDisplay(Console.Out, TimeSpan.FromSeconds(1)) : live ? new Running.LiveDisplay(AnsiConsole.Console) : new LineDisplay(Console.Out, TimeSpan.FromSeconds(10));
            var record = StudyRunner.Run(pipeline, folder, display, interruption.Token);
            if (!json) Closing.Print(AnsiConsole.Console, record, folder);
            foreach (var problem in record.Problems) Console.Error.WriteLine($"error: {problem}");
            return record.Problems.Count == 0 ? 0 : 3;
        }));
        return command;
    }
}
