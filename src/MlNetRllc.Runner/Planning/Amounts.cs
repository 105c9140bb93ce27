namespace MlNetRllc.Runner.Planning;

/// <summary>Times and amounts for the reader.</summary>
internal static class Amounts
{
    public static string Time(double seconds) => !double.IsFinite(seconds) ? "depends on the text" : seconds switch
    {
        < 90 => $"{seconds:F0} s",
        < 5400 => $"{seconds / 60:F0} min",
        < 172_800 => $"{seconds / 3600:F1} h",
        _ => $"{seconds / 86_400:F1} days",
    };

    public static string Bytes(double bytes) => bytes < 1 << 20 ? $"{bytes / 1024:F0} KiB"
        : bytes < 1 << 30 ? $"{bytes / (1 << 20):F0} MiB"
        : $"{bytes / (1 << 30):F1} GiB";

    /// <summary>What a plan comes to.</summary>
    public static string Total(IReadOnlyList<Planning.PlannedStep> steps)
    {
        var unknown = steps.Count(s => !double.IsFinite(s.Seconds));
        var seconds = steps.Where(s => double.IsFinite(s.Seconds)).Sum(s => s.Seconds);
        var (memory, disk) = (steps.Select(s => s.MemoryBytes).DefaultIfEmpty().Max(), steps.Sum(s => s.DiskBytes));
        return $"about {Time(seconds)}, {Bytes(memory)} of memory, {Bytes(disk)} of disk"
            + (unknown == 0 ? "" : ", besides reading text that is not here to be measured");
    }
}
