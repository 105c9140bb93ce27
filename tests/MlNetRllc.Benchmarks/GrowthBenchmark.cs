using System.Diagnostics;
using System.Globalization;

namespace MlNetRllc.Benchmarks;

/// <summary>How time and memory grow with one size at a time, each measured in a process of its
/// own: the exponent is the slope between the two largest sizes.</summary>
internal static class GrowthBenchmark
{
    /// <summary>A case; exponents are those of time and memory in the size.</summary>
    public sealed record Row(
        string Case, string What, IReadOnlyList<int> Sizes, IReadOnlyList<double> Seconds, IReadOnlyList<double> PeakBytes,
        double TimeExponent, double MemoryExponent);

    /// <summary>Measures cases and prints a row each.</summary>
    /// <param name="names">The cases; all of them when empty.</param>
    public static IReadOnlyList<Row> Run(IReadOnlyList<string> names)
    {
        var rows = new List<Row>();
        Console.WriteLine($"{"case",-12} {"what grows",-32} {"sizes",-26} {"seconds",-24} "
            + $"{"MB above the smallest",-24} exponents of time, memory");
        foreach (var growing in GrowthCase.All.Where(c => names.Count == 0 || names.Contains(c.Name)))
        {
            if (growing.Lacks is { } lacks)
            {
                Console.WriteLine($"{growing.Name,-12} {growing.What,-32} left out: {lacks}");
                continue;
            }
            var found = growing.Sizes.Select(size => Measured(growing.Name, size)).ToList();
            double[] seconds = [.. found.Select(f => f.Seconds)], bytes = [.. found.Select(f => f.Bytes)];
            var (sizes, times) = (Joined(growing.Sizes.Select(s => $"{s}")), Joined(seconds.Select(s => $"{s:F2}")));
            var grown = Joined(bytes.Select(b => $"{(b - bytes[0]) / 1e6:F0}"));
            var (inTime, inMemory) = (Exponent(growing.Sizes, seconds), Exponent(growing.Sizes, bytes));
            rows.Add(new(growing.Name, growing.What, growing.Sizes, seconds, bytes, inTime, inMemory));
            Console.WriteLine($"{growing.Name,-12} {growing.What,-32} {sizes,-26} {times,-24} {grown,-24} "
                + $"{inTime:F2}, {inMemory:F2}");
        }
        return rows;
    }

    /// <summary>Does one case in this process; prints its seconds and its peak memory.</summary>
    public static void RunPart(string name, int size)
    {
        var growing = GrowthCase.All.Single(c => c.Name == name);
        var folder = Directory.CreateTempSubdirectory("rllc-growth-").FullName;
        try
        {
            var work = growing.Prepare(size, folder);
            var watch = Stopwatch.StartNew();
            work();
            var peak = Process.GetCurrentProcess().PeakWorkingSet64;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds} {peak}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Seconds, double Bytes) Measured(string name, int size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["growth", "--part", $"{name} {size}"]);
        start.RedirectStandardOutput = true;
        using var child = Process.Start(start)!;
        var numbers = child.StandardOutput.ReadToEnd().Trim().Split('\n')[^1].Split(' ');
        child.WaitForExit();
        return (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static double Exponent(IReadOnlyList<int> sizes, double[] values) =>
        Math.Log(values[^1] / values[^2]) / Math.Log((double)sizes[^1] / sizes[^2]);

    private static string Joined(IEnumerable<string> values) => string.Join(" ", values);
}
