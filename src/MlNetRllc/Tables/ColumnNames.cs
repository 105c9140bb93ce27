using MlNetRllc.Foundation;

namespace MlNetRllc.Tables;

/// <summary>The names that columns of a file go by.</summary>
internal static class ColumnNames
{
    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        RllcColumns.Checkpoint, RllcColumns.Component, RllcColumns.Dataset, RllcColumns.Split, RllcColumns.Text,
            RllcColumns.SampleStatus, RllcColumns.Status, RllcColumns.StatusReason,
    };

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        RllcColumns.Step, RllcColumns.Rllc, RllcColumns.Losses, RllcColumns.BaselineLosses, RllcColumns.MalaAcceptance,
            RllcColumns.NBeta, RllcColumns.Tokens,
    };

    /// <summary>Whether components read texts from a column of this name: a dataset may be called 2024.</summary>
    public static bool AreTexts(string name) => Texts.Contains(name);

    /// <summary>Whether components read numbers from a column of this name.</summary>
    public static bool AreNumbers(string name) => Numbers.Contains(name);

    /// <summary>Whether components read a column of this name, so that a table without it is of little use.</summary>
    public static bool AreRead(string name) => Texts.Contains(name) || Numbers.Contains(name);

    /// <summary>The name of a column at a place counted from 1: its own, or one made of the place.</summary>
    public static string OrNumbered(string name, int place) => string.IsNullOrWhiteSpace(name) ? $"Column{place}" : name;

    /// <summary>The columns, if all their names differ: a data view would show the last of equal names only.</summary>
    /// <exception cref="InvalidDataException">Two have the same name; the message has it and the path.</exception>
    public static List<TableColumn> Checked(List<TableColumn> columns, string path)
    {
        var twice = columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? columns
            : throw new InvalidDataException($"{path}: the column '{twice.Key}' is there {twice.Count()} times; rename or drop others.");
    }
}
