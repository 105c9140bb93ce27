using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>An exception that only says something about this program does not reach the user bare.</summary>
public sealed class DefectTests
{
    [Fact]
    public void DefectInAStep_NamesStepAndInputs_AndEndsWithACodeOfItsOwn()
    {
        using var study = new ReducedStudy();
        var (code, said) = Guarded(() => study.Run(display: new Breaking("model")));
        Assert.Equal(70, code);
        Assert.Contains("the step 'model' (train) at 'loss ", said, StringComparison.Ordinal);
        Assert.Contains("', with contexts 'contexts': NullReference in Breaking.Progress", said, StringComparison.Ordinal);
        Assert.Contains("please report it", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Object reference", said, StringComparison.Ordinal);
        (code, said) = Guarded(() => study.Run("again", new Breaking("contexts")));
        Assert.Equal(70, code);
        var with = $"with text 'docs' ({study.At("docs.jsonl")})";
        Assert.Contains($"the step 'contexts' (tokenize) at 'learning 300 tokens', {with}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void DefectOutsideAStep_NamesTheCommand()
    {
        var (code, said) = Guarded(() => _ = "x".ToCharArray()[Zero() + 1], "rllc show runs/x");
        Assert.Equal(70, code);
        const string place = "rllc show runs/x: IndexOutOfRange in DefectTests.DefectOutsideAStep_NamesTheCommand";
        Assert.Contains($"found at {place}", said, StringComparison.Ordinal);
    }

    [Fact]
    public void DefectWhileKeepingGoing_IsAProblem_ThatAsksForAReport()
    {
        using var study = new ReducedStudy();
        var record = study.Run(display: new Breaking("traces"), options: new() { KeepGoing = true });
        Assert.Equal("partly done", record.State);
        const string said = "traces: this is a defect of the program, found at the step 'traces' (sample)";
        Assert.StartsWith(said, record.Problems[0], StringComparison.Ordinal);
    }

    public static TheoryData<string, bool> Thrown => new()
    {
        { "own argument", false }, { "own argument by a helper", false }, { "own key", false },
        { "file", false }, { "data", false }, { "pipeline", false },
        { "list", true }, { "dictionary", true }, { "empty", true }, { "cast", true }, { "parse", true },
        { "wrapped", true }, { "null", true },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public void WhatTheProgramWordsItself_IsNoDefect_WhatALibraryThrows_Is(string what, bool isDefect)
    {
        var list = new List<int>();
        Action act = what switch
        {
            "own argument" => () => Component.Parse("nonsense", new TransformerConfig()),
            "own argument by a helper" => () => MlNetRllc.Text.Tokens.ByteLevelTokenizer.Train(["a"], 5),
            "own key" => () => _ = new WeightSet([])["missing"],
            "file" => () => File.ReadAllText("/nowhere/at/all"),
            "data" => () => throw new InvalidDataException("said"),
            "pipeline" => () => throw new PipelineException("said"),
            "list" => () => _ = list[3],
            "dictionary" => () => _ = new Dictionary<string, int>()["x"],
            "empty" => () => _ = list.Max(),
            "cast" => () => _ = (string)(object)list,
            "parse" => () => int.Parse("x", System.Globalization.CultureInfo.InvariantCulture),
            "wrapped" => () => Task.Run(() => _ = Nothing()!.Length).Wait(),
            _ => () => _ = Nothing()!.Length,
        };
        Assert.Equal(isDefect, Defect.Is(Assert.ThrowsAny<Exception>(act)));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run x.yaml --cores 0x1")]
    [InlineData("run x.yaml --cores 1__0")]
    [InlineData("run x.yaml --cores -1")]
    [InlineData("run x.yaml --executor cloud")]
    [InlineData("rows x --task 1.5")]
    [InlineData("nonsense")]
    [InlineData("run @x.yaml")]
    public void WrongArgument_Ends2(string arguments)
    {
        var ended = RunnerProcess.Run(Path.GetTempPath(), arguments.Split(' '));
        Assert.True(ended.ExitCode == 2, ended.Output + ended.Errors);
    }

    [Fact]
    public void ExitCodes_StandInTheHelp_AndInTheReadme()
    {
        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var help = Words(RunnerProcess.Run(Path.GetTempPath(), ["--help"]).Output);
        Assert.Contains(Failures.Codes, help, StringComparison.Ordinal);
        var readme = Words(File.ReadAllText(Path.Combine(Repository.Root, "src", "MlNetRllc.Runner", "README.md")));
        Assert.Contains(Failures.Codes, readme, StringComparison.Ordinal);
    }

    private static string? Nothing() => Environment.CurrentManagedThreadId < 0 ? "" : null;

    private static int Zero() => Environment.CurrentManagedThreadId < 0 ? 1 : 0;

    private static (int Code, string Said) Guarded(Action work, string command = "rllc")
    {
        var said = new StringWriter();
        return (Failures.Guard(verbose: false, () =>
        {
            work();
            return 0;
        }, command, said), said.ToString());
    }

    /// <summary>Breaks in the middle of a step.</summary>
    private sealed class Breaking(string step) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
        }

        public void Progress(string name, double share, string now)
        {
            if (name == step) _ = Nothing()!.Length;
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
