using Microsoft.Data.Analysis;
using Microsoft.ML;
using MlNetRllc.Tables;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Writes a result table, whole or not at all.</summary>
    /// <param name="table">The rows; hidden columns are left out, keys are written as the texts they stand for.</param>
    /// <param name="path">Ends in <c>.parquet</c> (vectors become lists; Zstandard) or <c>.csv</c> (scalar columns only; numbers read back as the same bits).</param>
    /// <exception cref="ArgumentException">The ending is another, or a column's type cannot be stored; the message names it.</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; an older file stays.</exception>
    public void SaveTable(IDataView table, string path)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        switch (Path.GetExtension(path))
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

    /// <summary>Reads a result table into memory.</summary>
    /// <param name="path">A <c>.parquet</c> file, or a <c>.csv</c> file whose first line names the columns (Int32 where every value is a whole number, else
    /// Double, else Text).</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of unknown types; the message names it, the column and the row.</exception>
    public IDataView LoadTable(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var columns = Path.GetExtension(path) switch
        {
            ".parquet" => Task.Run(() => TableFiles.ReadParquetAsync(path)).GetAwaiter().GetResult(),
            ".csv" => TableFiles.ReadCsv(path),
            _ => throw new ArgumentException($"{path}: a result table is a .parquet or .csv file.", nameof(path)),
        };
        return TableFiles.ToDataView(Environment, columns);
    }

    /// <summary>All rows of a table as a data frame; keys become the texts they stand for. (The way back needs nothing: a data frame is an IDataView.)</summary>
    /// <exception cref="ArgumentException">A column's type cannot be stored; the message names it.</exception>
    public DataFrame ToDataFrame(IDataView table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(TableFiles.Read(Environment, table).Select(c => c.ToDataFrameColumn()));
    }
}
