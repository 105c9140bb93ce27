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
        const string said = "32 estimates in both, 0 only in the first, 0 only in the second; 32 are equal to the last digit.";
        Assert.Contains(said, same.Output, StringComparison.Ordinal);
        var other = RunnerProcess.Run(study.Folder, ["diff", "first/tiny", "second/tiny"]);
        Assert.Contains("standard errors", other.Output, StringComparison.Ordinal);
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
