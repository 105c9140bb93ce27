using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Runs;

/// <summary>What a run was: its file, seeds, versions, machine and times. Written to run.json.</summary>
internal sealed record RunRecord
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public required string Name { get; init; }

    public required int Seed { get; init; }

    public required string File { get; init; }

    public required string Pipeline { get; init; }

    /// <summary>What was changed of the file, as given with <c>--set</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>What the study was cut down to, so that it fits a time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BudgetChoice? Budget { get; init; }

    /// <summary>The options of each step, as it ran.</summary>
    public IReadOnlyDictionary<string, object> Options { get; init; } = new Dictionary<string, object>();

    public required DateTime Started { get; init; }

    public DateTime? Finished { get; init; }

    public string State { get; init; } = "running";

    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>What could not be done although the run went on; empty when all was.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Files that were damaged when the run met them: put aside, and made again.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    public IReadOnlyDictionary<string, double> Results { get; init; } = new Dictionary<string, double>();

    public IReadOnlyDictionary<string, string> Versions { get; init; } = CurrentVersions();

    public IReadOnlyDictionary<string, string> Machine { get; init; } = CurrentMachine();

    public double PeakMemoryGiB { get; init; }

    private static Dictionary<string, string> CurrentVersions()
    {
        var versions = new Dictionary<string, string>
        {
            ["MlNetRllc"] = Version(typeof(RllcCatalog)),
            ["Microsoft.ML"] = Version(typeof(Microsoft.ML.MLContext)),
            ["TorchSharp"] = Version(typeof(TorchSharp.torch)),
            [".NET"] = Environment.Version.ToString(),
        };
        // Of a program that was built from a repository.
        if (Whole(typeof(RunRecord)) is [_, var commit]) versions["commit"] = commit;
        return versions;
    }

    private static Dictionary<string, string> CurrentMachine() => new()
    {
        ["system"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["cores"] = $"{Environment.ProcessorCount}",
        ["memory"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F1} GiB",
    };

    private static string Version(Type type) => Whole(type)?[0] ?? type.Assembly.GetName().Version!.ToString();

    // The compiler's tools append the commit to the version.
    private static string[]? Whole(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+');
}

/// <summary>How one step went.</summary>
/// <param name="Name">The step.</param>
/// <param name="Kind">The component it calls.</param>
/// <param name="Summary">What came out.</param>
/// <param name="Seconds">What it took when it was done.</param>
/// <param name="Kept">Whether an earlier run did it.</param>
internal sealed record StepRecord(string Name, string Kind, string Summary, double Seconds, bool Kept = false)
{
    /// <summary>File names of its tables, in the order in which they were written.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];
}
