using System.CommandLine;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Running;

CoreBudget.Apply(args);
var verbose = new Option<bool>("--verbose") { Description = "show stack traces", Recursive = true };
return await new RootCommand("Refined local learning coefficients of attention heads: train, sample, estimate, cluster, report.")
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
    GcCommand.Create(verbose),
}.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
