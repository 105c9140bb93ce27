using System.CommandLine;
using System.CommandLine.Invocation;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Running;

RedirectedOutput.UseUtf8();
CoreBudget.Apply(args);
var verbose = new Option<bool>("--verbose") { Description = "show stack traces", Recursive = true };
var command = new RootCommand(
    $"Refined local learning coefficients of attention heads: train, sample, estimate, cluster, report. {Failures.Codes}")
{
    verbose,
    RunCommand.Create(verbose),
    RowsCommand.Create(verbose),
    PlanCommand.Create(verbose),
    ShowCommand.Create(verbose),
    ExplainCommand.Create(verbose),
    DoctorCommand.Create(verbose),
    SchemaCommand.Create(verbose),
    DiffCommand.Create(verbose),
    ExportCommand.Create(verbose),
    GcCommand.Create(verbose),
};
HelpWithExamples.ShowIn(command);
// An argument that begins with @ is itself, not a file of arguments.
var given = command.Parse(args, new() { ResponseFileTokenReplacer = null });
var code = await given.InvokeAsync(new() { ProcessTerminationTimeout = null });
return given.Action is ParseErrorAction ? 2 : code;
