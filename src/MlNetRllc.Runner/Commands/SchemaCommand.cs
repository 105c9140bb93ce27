using System.CommandLine;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc schema</c>.</summary>
internal static class SchemaCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var command = new CommandWithExamples("schema", "print the JSON Schema of pipeline files",
            ("rllc schema > pipeline.schema.json", "for an editor, which then completes keys"));
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            Console.Out.Write(PipelineSchema.TextOf(StepKinds.All));
            return 0;
        }));
        return command;
    }
}
