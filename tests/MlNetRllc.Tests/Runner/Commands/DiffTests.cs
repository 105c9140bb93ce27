namespace MlNetRllc.Tests.Runner.Commands;

public sealed class DiffTests
{
    [Fact]
    public void RunComparedWithItself_IsEqual_AndWithAnotherSeed_IsNot()
    {
        using var study = new ReducedStudy();
        study.Run("first");
        study.Run("second", set: "seed=2");
        var same = RunnerProcess.Run(study.Folder, ["diff", "first/tiny", "first/tiny"]);
        Assert.True(same.ExitCode == 0, same.Errors);
        Assert.Contains("32 estimates in both, 0 only in the first, 0 only in the second; 32 are equal to the last digit.", same.Output, StringComparison.Ordinal);
        Assert.Contains("standard errors", RunnerProcess.Run(study.Folder, ["diff", "first/tiny", "second/tiny"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsNoRun_Ends2()
    {
        using var study = new ReducedStudy();
        var ended = RunnerProcess.Run(study.Folder, ["diff", ".", "nowhere"]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("give the folder of a run", ended.Errors, StringComparison.Ordinal);
    }
}
