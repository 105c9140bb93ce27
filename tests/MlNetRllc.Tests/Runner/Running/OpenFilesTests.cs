namespace MlNetRllc.Tests.Runner.Running;

/// <summary>What a study opened is closed when it ends: on Windows it could else be neither deleted nor written anew, and where a
/// file is mapped, one that is cut ends the process.</summary>
[Trait("System", "Linux")]
public sealed class OpenFilesTests
{
    [Fact]
    public void StudyThatEnded_HasNoFileOfItsRunOpenOrMapped()
    {
        using var study = new ReducedStudy();
        study.Run();
        Assert.Empty(Held(study));
        // What an earlier run did is read back from its files.
        Assert.Equal(["rllc", "clusters", "report"], ReducedStudy.Done(study.Run(set: "rllc.discardFraction=0.3")));
        Assert.Empty(Held(study));
        Assert.Equal(["traces"], ReducedStudy.Done(study.Run(options: new() { Force = ["traces"] }, set: "rllc.discardFraction=0.3")));
        Assert.Empty(Held(study));
    }

    [Fact]
    public void StudyThatFailed_HasNoFileOfItsRunOpenOrMapped()
    {
        using var study = new ReducedStudy();
        // A folder where the step's store is to be named among the references.
        Directory.CreateDirectory(study.At("runs", "tiny"));
        File.WriteAllText(study.At("runs", "tiny", "references"), "");
        Assert.NotNull(Record.Exception(() => study.Run()));
        Assert.True(Directory.Exists(study.At("runs", "tiny", "tokens")));
        Assert.Empty(Held(study));
    }

    private static List<string> Held(ReducedStudy study)
    {
        var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains(study.Folder, StringComparison.Ordinal));
        var open = Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(target => target.StartsWith(study.Folder, StringComparison.Ordinal));
        return [.. mapped, .. open];
    }
}
