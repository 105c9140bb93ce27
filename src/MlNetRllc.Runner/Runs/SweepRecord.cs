using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Runs;

/// <summary>What became of the combinations of a matrix. Written to sweep.json.</summary>
/// <param name="Name">The study.</param>
/// <param name="Axes">What the combinations differ in.</param>
/// <param name="Cells">One a combination, in order.</param>
internal sealed record SweepRecord(string Name, IReadOnlyList<string> Axes, IReadOnlyList<CellRecord> Cells)
{
    /// <summary>The file in the sweep's folder.</summary>
    public const string FileName = "sweep.json";

    /// <summary>The joined tables, by their path in the sweep's folder.</summary>
    public IReadOnlyDictionary<string, JoinedTable> Tables { get; init; } = new Dictionary<string, JoinedTable>();

    /// <summary>Files that were damaged when the run met them: put aside, and made again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Damaged { get; init; }

    /// <summary>What could not be done, with the combination's name before it.</summary>
    public IReadOnlyList<string> Problems => [.. Cells.SelectMany(c => c.Problems.Select(p => $"{c.Name}: {p}"))];

    /// <summary>The record of a sweep's folder; null when it is none, or cannot be read.</summary>
    public static SweepRecord? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var record = File.Exists(path) ? JsonSerializer.Deserialize<SweepRecord>(SealedFile.Read(path), RunRecord.Json) : null;
            return record is { Name: not null, Axes: not null, Cells: not null, Tables: not null } && record.Cells.All(record.IsWhole)
                ? record
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException) { return null; }
    }

    private bool IsWhole(CellRecord cell) =>
        cell is { Name: not null, State: not null, Values: not null, Problems: not null } && Axes.All(cell.Values.ContainsKey);
}

/// <summary>A table of all combinations' rows.</summary>
/// <param name="Key">What its rows are those of.</param>
/// <param name="Sha256">Of the file.</param>
internal sealed record JoinedTable(string Key, string Sha256);

/// <summary>One combination.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Values">Its value of each axis.</param>
/// <param name="State">As in run.json; waiting before it began.</param>
/// <param name="Problems">What could not be done.</param>
internal sealed record CellRecord(string Name, IReadOnlyDictionary<string, string> Values, string State, IReadOnlyList<string> Problems);
