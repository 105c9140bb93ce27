namespace MlNetRllc.Core.Native;

/// <summary>The processor's name, beside which figures of speed stand.</summary>
internal static class Processor
{
    /// <summary>As the system calls it; the architecture where it does not say.</summary>
    public static string Name { get; } = Read() ?? $"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}";

    private static string? Read()
    {
        const string list = "/proc/cpuinfo", field = "model name";
        try
        {
            if (!File.Exists(list)) return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
            var line = File.ReadLines(list).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
