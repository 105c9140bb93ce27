using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study by the kernels of each width that this processor has.</summary>
public sealed class KernelStudyTests
{
    [Fact]
    public void EveryWidth_GivesTheSameTables()
    {
        using var study = new ReducedStudy();
        var tables = KernelSet.All.Where(set => set.IsSupported).Select(set =>
        {
            var ended = Run(study, set.Name, $"runs-{set.Name}");
            Assert.True(ended.ExitCode == 0, ended.Errors);
            return study.Tables($"runs-{set.Name}");
        }).ToList();
        Assert.All(tables, found => Assert.Equal(tables[0], found));
    }

    [Fact]
    public void KernelsThatThereAreNot_AreRefusedBeforeAnythingIsBegun()
    {
        using var study = new ReducedStudy();
        var ended = Run(study, "mmx", "runs");
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Equal("error: MLNETRLLC_KERNELS is 'mmx'; there are avx512, avx2, vector128.", ended.Errors.Trim());
        Assert.False(Directory.Exists(study.At("runs")));
    }

    private static Finished Run(ReducedStudy study, string kernels, string runs)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "rllc.dll");
        return RunnerProcess.RunShell(
            study.Folder,
            $"exec dotnet '{program}' run '{study.PipelineFile}' --plain --runs '{study.At(runs)}'",
            new Dictionary<string, string> { ["MLNETRLLC_KERNELS"] = kernels });
    }
}
