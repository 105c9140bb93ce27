using System.CommandLine;
using System.Globalization;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc diff RUN RUN</c>: the estimates of two runs, compared with their error bars.</summary>
internal static class DiffCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var (first, second, runs) = (RunArgument.Create("run"), RunArgument.Create("other"), RunArgument.Runs());
        var command = new CommandWithExamples("diff", "compare the estimates of two runs with their error bars",
            ("rllc diff quickstart paper-mini", "two studies in runs/"),
            ("rllc diff runs/quickstart before/quickstart", "a study before and after a change"))
        {
            first, second, runs,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            Dictionary<string, Dictionary<string, string>> EstimatesOf(Argument<string> run) =>
                Read(RunArgument.FolderOf(arguments.GetValue(run)!, arguments.GetValue(runs)!));
            Print(EstimatesOf(first), EstimatesOf(second));
            return 0;
        }));
        return command;
    }

    private static Dictionary<string, Dictionary<string, string>> Read(string run)
    {
        var tables = RunTables.TablesOf(run, StepKinds.The<EstimateStep>());
        if (tables.Count == 0)
        {
            throw new Pipelines.PipelineException(
                "there are no estimates here; give a run that has an estimate step done.", run);
        }
        // Rows of a sweep belong to a combination: the same axes must have the same values.
        var axes = SweepRecord.Find(run)?.Axes ?? [];
        var rows = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (step, path) in tables)
            RunFiles.ReadWhole(path, () =>
            {
                foreach (var row in RunTables.RowsOf(path))
                {
                    // Numbers are read once here, where the file is known that they stand in.
                    _ = (Number(row, RllcColumns.Rllc), Number(row, RllcColumns.RllcStdErr));
                    var cell = string.Concat(axes.Select(axis => $"{axis} {row[axis]}, "));
                    var place = $"step {row[RllcColumns.Step]} {row[RllcColumns.Component]} on {row[RllcColumns.Dataset]}";
                    rows.Add($"{step}: {cell}{place}", row);
                }
                return rows;
            });
        return rows;
    }

    private static void Print(Dictionary<string, Dictionary<string, string>> a, Dictionary<string, Dictionary<string, string>> b)
    {
        var shared = a.Keys.Where(b.ContainsKey).ToList();
        var apart = shared.Select(key => (Key: key, A: Number(a[key], RllcColumns.Rllc), B: Number(b[key], RllcColumns.Rllc),
            Error: double.Hypot(Number(a[key], RllcColumns.RllcStdErr), Number(b[key], RllcColumns.RllcStdErr))))
            .Select(r => (r.Key, r.A, r.B, Z: r.A == r.B ? 0 : (r.B - r.A) / r.Error)).ToList();
        var finite = apart.Where(r => double.IsFinite(r.Z)).ToList();
        Console.WriteLine(
            $"{shared.Count} estimates in both, {a.Count - shared.Count} only in the first, {b.Count - shared.Count} only in the second; "
            + $"{apart.Count(r => r.Z == 0)} are equal to the last digit.");
        if (finite.Count == 0) return;
        var beyond = finite.Count(r => Math.Abs(r.Z) > 2);
        Console.WriteLine(
            $"Of {finite.Count} that can be compared, {beyond} differ by more than two standard errors "
            + $"(about {0.0455 * finite.Count:F0} would by chance).");
        foreach (var (key, x, y, z) in finite.Where(r => r.Z != 0).OrderByDescending(r => Math.Abs(r.Z)).Take(10))
            Console.WriteLine($"  {key}: {x:F3} and {y:F3}, {z:+0.0;-0.0} standard errors");
    }

    private static double Number(Dictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);
}
