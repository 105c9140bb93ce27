using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Report;
using MlNetRllc.Sampling;

namespace MlNetRllc.Benchmarks;

/// <summary>What a study's combinations and rows cost beside the sampling itself.</summary>
internal static class StudyGrowth
{
    /// <summary>Of a file changed a moment ago no hash is kept, since it may yet change.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<GrowthCase> Cases { get; } =
    [
        new("gc", "combinations", [16, 64, 128], (count, folder) =>
        {
            var study = Done(folder, count);
            return () => RllcCommand.Here("gc", "--runs", study.Runs);
        }),
        new("tables", "combinations, all done before", [64, 256, 640], (count, folder) =>
        {
            var study = Done(folder, count);
            return () => RllcCommand.Here("run", study.Pipeline, "--runs", study.Runs, "--plain");
        }),
        new("plan", "combinations of 64,000 rows", [64, 256, 640], (count, folder) => Planned(GrowthStudy.WithManyRows(folder, count))),
        new("hashes", "combinations, 40 files of 7 MB", [4, 16, 64], (count, folder) =>
        {
            var study = GrowthStudy.WithCheckpoints(folder, count);
            Thread.Sleep(Rest);
            return Planned(study);
        }),
        new("rows", "rows put and found, 64 a group", [1_000, 8_000, 64_000], (count, folder) => () => PutAndFind(folder, count)),
        new("page", "rows of the report", [4_096, 16_384, 65_536], (rows, folder) =>
        {
            var report = GrowthReport.WithRows(rows);
            return () => ReportPage.Write(Path.Combine(folder, "report.html"), report);
        }),
        new("drawing", "rows of the report, in a browser", [4_096, 16_384, 65_536], (rows, folder) =>
        {
            var page = Path.Combine(folder, "report.html");
            ReportPage.Write(page, GrowthReport.WithRows(rows));
            return () => GrowthReport.Draw(page);
        })
        {
            Lacks = GrowthReport.Browser is null ? "no chromium was found on the PATH" : null,
        },
    ];

    private static GrowthStudy Done(string folder, int combinations)
    {
        var study = GrowthStudy.WithCombinations(folder, combinations);
        RllcCommand.Apart("run", study.Pipeline, "--runs", study.Runs, "--plain");
        return study;
    }

    // How fast the machine is at the model's shape is measured once, and not what is looked at here.
    private static Action Planned(GrowthStudy study)
    {
        RllcCommand.Apart("plan", study.Pipeline, "--runs", study.Runs);
        return () => RllcCommand.Here("plan", study.Pipeline, "--runs", study.Runs);
    }

    private static void PutAndFind(string folder, int count)
    {
        const int together = 64;
        var groups = Enumerable.Range(0, count).Select(i => new RowKey(KeyOf($"group {i / together}"), KeyOf($"row {i}")))
            .GroupBy(key => key.Group, StringComparer.Ordinal).Select(g => g.ToList()).ToList();
        var store = new RowStore(folder);
        foreach (var keys in groups) store.Put(keys[0].Group, [.. keys.Select(key => KeyValuePair.Create(key.Row, Trace))]);
        var later = new RowStore(folder);
        var found = groups.Sum(keys => keys.Count(key => later.Find(key, _ => { }) is not null));
        if (found != count) throw new InvalidOperationException($"{found} of {count} rows were found.");
    }

    private static string KeyOf(string text) => ContentHash.OfText(text);

    private static LossTrace Trace { get; } = new()
    {
        Component = "l0h0",
        Dimension = 10,
        NBeta = 10,
        Chains = 2,
        Draws = 8,
        Losses = [.. Enumerable.Range(0, 16).Select(i => 3 + i / 7.0)],
        BaselineLosses = [.. Enumerable.Range(0, 8).Select(i => 3 + i / 9.0)],
        MalaAcceptance = [0.9, 0.9],
        DivergedAt = [-1, -1],
    };
}
