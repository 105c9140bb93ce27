using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Tests.Sampling;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>What a plan says of a study's rows, beside what a run leaves.</summary>
public sealed class PlannedAmountTests
{
    private const double Factor = 1.5;

    // 11 checkpoints of 32 heads on two datasets.
    private const int Rows = 704, Groups = 22;

    private static readonly string[] Small =
        ["model.heads=16", "model.headWidth=1", "model.checkpoints.logarithmic=0", "model.checkpoints.every=2"];

    [Fact]
    public void PlannedDisk_IsWhatARunLeaves_InAFileAGroup()
    {
        using var study = new ReducedStudy();
        var plan = Plan(study, Small);
        study.Run(set: Small);
        var run = study.At("runs", "tiny");
        var rows = Path.Combine(run, "rows");
        Assert.Equal((Rows, Groups), (RowFiles.Count(rows), RowFiles.In(rows).Count));
        double Bytes(string folder, string files) => new DirectoryInfo(Path.Combine(run, folder))
            .EnumerateFiles(files, SearchOption.AllDirectories).Sum(f => f.Length);
        AssertWithin(Bytes("rows", "*") + Bytes("tables", "traces.*"), plan["traces"].DiskBytes);
        AssertWithin(Bytes("tables", "rllc.*"), plan["rllc"].DiskBytes);
        // The page's script and style are there whatever it shows.
        AssertWithin(Bytes(".", "report.html") - Scripts(), plan["report"].DiskBytes);
    }

    [Fact]
    public void StudyOf64000Rows_IsPlannedInProportion()
    {
        using var study = new ReducedStudy();
        var small = Plan(study, Small);
        var large = Plan(study, [.. Small, "model.steps=1998"]);
        Assert.Equal("64,000 rows of 2 chains x 8 draws", large["traces"].Size);
        const double more = 64_000.0 / Rows;
        Assert.All((string[])["traces", "rllc"], step =>
            Assert.Equal(more, large[step].DiskBytes / small[step].DiskBytes, 6));
        // Of so many traces the page shows averages.
        Assert.InRange(large["report"].DiskBytes / small["report"].DiskBytes, 0.9 * more, more);
        Assert.All((string[])["rllc", "report"], step => Assert.Equal(more,
            (large[step].Seconds - StepCost.OfMoments.Seconds) / (small[step].Seconds - StepCost.OfMoments.Seconds), 6));
        // A run of so many rows took 683 MB.
        AssertWithin(683e6, large.Values.Max(s => s.MemoryBytes));
    }

    private static double Scripts() => typeof(ReportStep).Assembly.GetManifestResourceNames()
        .Where(name => Path.GetExtension(name) is ".js" or ".css" or ".html")
        .Sum(name => typeof(ReportStep).Assembly.GetManifestResourceStream(name)!.Length);

    private static void AssertWithin(double found, double planned) => Assert.InRange(planned / found, 1 / Factor, Factor);

    private static Dictionary<string, PlannedStep> Plan(ReducedStudy study, string[] set) =>
        StudyPlan.PlanOf(StepKinds.Reader.Read(study.PipelineFile, set), study.At("runs", "tiny")).ToDictionary(s => s.Name);
}
