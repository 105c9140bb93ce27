using System.CommandLine;
using MlNetRllc.Runner.Commands;

namespace MlNetRllc.Tests.Runner.Commands;

/// <summary>Arguments as a user mistypes them, and the help.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("")]
    [InlineData("trian")]
    [InlineData("run")]
    [InlineData("run tiny.yaml --forse")]
    [InlineData("run tiny.yaml --set")]
    [InlineData("run tiny.yaml --executor cloud")]
    [InlineData("plan tiny.yaml --runs tiny.yaml")]
    [InlineData("plan tiny.yaml --only nosuch")]
    [InlineData("plan tiny.yaml --set traces.components=l9h9")]
    [InlineData("plan tiny.yaml --set model.checkpoints.steps=-1")]
    [InlineData("rows nosuch")]
    [InlineData("show nosuch")]
    public void WrongArguments_Exit2(string line)
    {
        using var study = new ReducedStudy();
        var ended = RunnerProcess.Run(study.Folder, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(ended.ExitCode == 2, $"{ended.ExitCode}: {ended.Output}{ended.Errors}");
    }

    [Fact]
    public void EveryCommand_HasExamplesOfItself()
    {
        var verbose = new Option<bool>("--verbose");
        Command[] commands =
        [
            RunCommand.Create(verbose), RowsCommand.Create(verbose), PlanCommand.Create(verbose), ShowCommand.Create(verbose),
            ExplainCommand.Create(verbose), DoctorCommand.Create(verbose), SchemaCommand.Create(verbose),
            DiffCommand.Create(verbose), ExportCommand.Create(verbose), GcCommand.Create(verbose),
        ];
        Assert.All(commands, command =>
        {
            var examples = Assert.IsType<CommandWithExamples>(command).Examples;
            Assert.NotEmpty(examples);
            Assert.All(examples, e => Assert.Empty(Parsed(command, e.Line).Errors));
        });
    }

    [Fact]
    public void Help_EndsWithTheExamples()
    {
        var ended = RunnerProcess.Run(Path.GetTempPath(), ["plan", "--help"]);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains(
            "Examples:\n  rllc plan pipelines/quickstart.yaml\n      every step", ended.Output, StringComparison.Ordinal);
    }

    // What a shell takes away is no argument.
    private static ParseResult Parsed(Command command, string line) =>
        new RootCommand { command }.Parse(line.Split(" > ")[0]["rllc ".Length..]);
}
