using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Tables;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Writes a result table, whole or not at all.</summary>
    /// <param name="table">The rows; hidden columns are left out, keys are written as the texts they stand for.</param>
    /// <param name="path">Ends in <c>.parquet</c> (vectors become lists, and the file's metadata says under the key
    /// <c>axes</c> how those of several axes are to be read, row-major, as
    /// <c>{"Losses": {"chain": 4, "draw": 200}}</c>; Zstandard) or <c>.csv</c> (scalar
    /// columns only; numbers read back as the same bits).</param>
    /// <exception cref="ArgumentException">The ending is another, or a column's type cannot be stored; the message names it.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older file stays.</exception>
    public void SaveTable(IDataView table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".parquet":
                TableFiles.WriteParquet(path, TableFiles.Read(Environment, table));
                break;
            case ".csv":
                TableFiles.WriteCsv(path, TableFiles.Read(Environment, table));
                break;
            default:
                throw new ArgumentException($"{path}: a result table is a .parquet or .csv file.", nameof(path));
        }
    }

    /// <summary>Reads a result table into memory, one that <see cref="SaveTable"/> wrote or one of another program.</summary>
    /// <remarks>
    /// A row may lack a value: a number is NaN there, a text empty. A column with such gaps is Double (Single
    /// where it was), since whole numbers and truth values have no place for them; whole numbers beyond 2^53
    /// become Text then. Numbers of 8 and 16 bits are read as Int32, decimals as Double, timestamps as Text
    /// (ISO 8601), categories as the texts they stand for, lists as vectors; columns of structs, maps, bytes or
    /// lists of anything but numbers, or of values that cannot be read (of 16 bits, beyond Decimal or the
    /// calendar, lists of different sizes), are left out, and the MLContext's log says so, unless components
    /// read columns of that name. A first column without a name that counts the rows of a CSV file, as pandas'
    /// index, is left out; others without a name are called <c>Column3</c> and so on, by their place.
    /// Components that read numbers take them from a column of any type of number.
    /// </remarks>
    /// <param name="path">A <c>.parquet</c> file, or a <c>.csv</c> or <c>.tsv</c> file whose first line names
    /// the columns, separated by commas, semicolons or tabs; UTF-8, or UTF-16 with its mark. Of those, a column
    /// is Boolean where every value is true or false, Int32 or Int64 where every value is a whole number,
    /// Double where every value is a number, else Text; Text also where whole numbers begin with zeros, where
    /// the column and its name are quoted but not every name is (as <see cref="SaveTable"/> writes texts that
    /// look like numbers), and where components read texts from a column of that name (<c>Component</c>,
    /// <c>Dataset</c>, <c>Checkpoint</c>, <c>Split</c>, <c>Text</c>, states). Beside numbers, an empty value
    /// and <c>NaN</c>, <c>NA</c>, <c>N/A</c>, <c>null</c>, <c>None</c> are gaps; <c>inf</c> and <c>Infinity</c>
    /// are numbers.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, names a column twice, has lists of different
    /// sizes in a column that components read, writes numbers with a decimal comma, or with points that may
    /// stand between thousands; the message names it, the column and the row.</exception>
    public IDataView LoadTable(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var channel = ((IChannelProvider)Environment).Start("reading a result table");
        void LeftOut(string what) => channel.Warning($"{path}: {what}.");
        var columns = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => Task.Run(() => TableFiles.ReadParquetAsync(path, LeftOut)).GetAwaiter().GetResult(),
            ".csv" or ".tsv" => CsvTable.Read(path),
            _ => throw new ArgumentException($"{path}: a result table is a .parquet or .csv file, or a .tsv file.", nameof(path)),
        };
        return TableFiles.ToDataView(Environment, columns);
    }

    /// <summary>All rows of a table as a data frame; keys become the texts they stand for. (The way back needs
    /// nothing: a data frame is an IDataView.)</summary>
    /// <remarks>Vectors, of texts and truth values too, are columns of <c>VBuffer</c>; of texts those of
    /// <c>ReadOnlyMemory&lt;char&gt;</c>. ML.NET's own <c>ToDataFrame</c> takes no keys, as
    /// <c>ClusterTrajectories</c> gives in <c>Cluster</c> ("UInt32 is not a supported column type"): this one
    /// does, or <c>Conversion.MapKeyToValue("Cluster")</c> goes before that one.</remarks>
    /// <exception cref="ArgumentException">A column's type cannot be stored; the message names it.</exception>
    public DataFrame ToDataFrame(IDataView table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(TableFiles.Read(Environment, table, toFrame: true).Select(c => c.ToDataFrameColumn()));
    }
}
