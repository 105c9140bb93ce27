using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlNetRllc.Tests.Runner.Commands;

public sealed class CommandTests
{
    [Fact]
    public void Show_TellsStateStepsAndHeads()
    {
        using var study = new ReducedStudy();
        study.Run();
        var ended = RunnerProcess.Run(study.Folder, ["show", "runs/tiny"]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Contains("tiny: finished, seed 1", ended.Output, StringComparison.Ordinal);
        Assert.Contains("traces: 32 of 32 rows sampled", ended.Output, StringComparison.Ordinal);
        Assert.Contains("l1h1", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_TellsOptionsWithRangesAndDefaults_OrTheNearestKind()
    {
        var folder = Path.GetTempPath();
        var ended = RunnerProcess.Run(folder, ["explain", "train"]);
        Assert.Contains("layers = 2, 1 to 64: number of blocks", ended.Output, StringComparison.Ordinal);
        Assert.Contains("    logarithmic = 16, 0 to 10000:", ended.Output, StringComparison.Ordinal);
        var mistaken = RunnerProcess.Run(folder, ["explain", "trian"]);
        Assert.Equal((2, true), (mistaken.ExitCode, mistaken.Errors.Contains("Did you mean 'train'?", StringComparison.Ordinal)));
    }

    [Fact]
    public void Doctor_FindsTheLibraries_AndTellsTheTimesOfPipelinesThatAreThere()
    {
        using var study = new ReducedStudy();
        File.WriteAllText(study.At("card.yaml"), "name: a card, no pipeline\n");
        var ended = RunnerProcess.Run(study.Folder, ["doctor"]);
        Assert.Matches(@"\ntiny\.yaml: about \d+ s, ", ended.Output);
        Assert.DoesNotContain("card.yaml", ended.Output, StringComparison.Ordinal);
        Assert.Contains("native libraries: ok", ended.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"kernels (avx512|avx2|vector128) .*, products in the cache [\d,]+ GFLOP/s a core, \d+ ?% of its peak",
            ended.Output);
        Assert.Matches(@"training [\d,]+ tokens/s, sampling [\d,]+ tokens", ended.Output);
    }

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", "neither AVX-512 nor AVX2 with FMA.*\nspeed: not measured")]
    [InlineData("MLNETRLLC_KERNELS", "vector128", "kernels vector128 .*\n(note: MLNETRLLC_KERNELS asks for these kernels|speed)")]
    public async Task DoctorOfSlowKernels_SaysWhy(string variable, string value, string expected)
    {
        Assert.SkipUnless(value != "0" || X86Base.IsSupported, "Only processors of x64 are asked for AVX.");
        var kernels = new Dictionary<string, string> { [variable] = value };
        using var doctor = RunnerProcess.Start(Path.GetTempPath(), ["doctor"], kernels);
        // What is said before the speed is: with these kernels it takes its time.
        var said = "";
        while (!Regex.IsMatch(said, expected) && await doctor.StandardOutput.ReadLineAsync() is { } line) said += line + "\n";
        doctor.Kill();
        Assert.Matches(expected, said);
    }

    [Fact]
    public void JsonLog_IsAJsonObjectALine()
    {
        using var study = new ReducedStudy();
        var ended = study.Start("--log", "json");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        var lines = ended.Output.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var ends = lines.Where(l => l.GetProperty("event").GetString() == "end");
        string[] steps = ["contexts", "model", "traces", "rllc", "clusters", "report"];
        Assert.Equal(steps, ends.Select(l => l.GetProperty("step").GetString()!));
    }
}
