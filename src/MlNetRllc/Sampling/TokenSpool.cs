using System.Runtime.InteropServices;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Tables;

namespace MlNetRllc.Sampling;

/// <summary>What is kept of single tokens while rows are sampled: spooled to the disk as it comes, and made into a Parquet file for
/// each row and probe set at the end.</summary>
/// <remarks>
/// A file has a row a chain and batch of draws (or draw), and the columns <c>Chain</c>, <c>FirstDraw</c>, <c>Draws</c> (Int32, of the
/// observed draws, from 0) and <c>Differences</c> (list of Single, [context, pos - 1], nats: means over these draws of the token
/// losses less those of w*).
/// </remarks>
internal sealed class TokenSpool : ITokenSink, IDisposable
{
    private readonly string[,] paths; // [row, probe]
    private readonly List<(TokenRecord Record, long Offset)>[,] records;
    private readonly FileStream spool;

    /// <summary>Opens a spool beside the files to come.</summary>
    /// <param name="paths">Where they go, [row, probe].</param>
    public TokenSpool(string[,] paths)
    {
        this.paths = paths;
        records = new List<(TokenRecord, long)>[paths.GetLength(0), paths.GetLength(1)];
        for (var r = 0; r < records.GetLength(0); r++) for (var p = 0; p < records.GetLength(1); p++) records[r, p] = [];
        var folder = Path.GetDirectoryName(Path.GetFullPath(paths[0, 0]))!;
        Directory.CreateDirectory(folder);
        spool = new(Path.Combine(folder, $".tokens.{Path.GetRandomFileName()}.part"), FileMode.CreateNew, FileAccess.ReadWrite,
            FileShare.None, 1 << 20, FileOptions.DeleteOnClose);
    }

    /// <inheritdoc/>
    public void Write(in TokenRecord record)
    {
        records[record.Row, record.Probe].Add((record with { Differences = default }, spool.Position));
        spool.Write(MemoryMarshal.AsBytes(record.Differences.Span));
    }

    /// <summary>Writes the files, each whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public void Commit()
    {
        spool.Flush();
        for (var r = 0; r < paths.GetLength(0); r++)
            for (var p = 0; p < paths.GetLength(1); p++)
                TableFiles.WriteParquetGroups(
                    paths[r, p], records[r, p].GroupBy(x => x.Record.FirstDraw).Select(batch => TableOf([.. batch])));
    }

    /// <summary>The records of a file, in the order of draws.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<TokenRecord> RecordsIn(string path)
    {
        // Away from the caller's thread, which may be the only one that its context runs anything on.
        var columns = Task.Run(() => TableFiles.ReadParquetAsync(path)).GetAwaiter().GetResult();
        IReadOnlyList<int> Numbers(string name) => ((ScalarTableColumn<int>)columns.Single(c => c.Name == name)).Values;
        var (chain, first, draws) = (Numbers("Chain"), Numbers("FirstDraw"), Numbers("Draws"));
        var differences = ((VectorTableColumn<float>)columns.Single(c => c.Name == "Differences")).Values;
        return Enumerable.Range(0, chain.Count).OrderBy(i => first[i])
            .Select(i => new TokenRecord(0, 0, chain[i], first[i], draws[i], differences[i]));
    }

    /// <summary>Closes and deletes the spool.</summary>
    public void Dispose() => spool.Dispose();

    private List<TableColumn> TableOf(List<(TokenRecord Record, long Offset)> batch)
    {
        var (chain, first, draws) = (new ScalarTableColumn<int>("Chain"), new ScalarTableColumn<int>("FirstDraw"),
            new ScalarTableColumn<int>("Draws"));
        var differences = new VectorTableColumn<float>("Differences");
        foreach (var (record, offset) in batch)
        {
            chain.Add(record.Chain);
            first.Add(record.FirstDraw);
            draws.Add(record.Draws);
            var tokens = new float[record.Tokens];
            spool.Position = offset;
            spool.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
            differences.Add(tokens);
        }
        return [chain, first, draws, differences];
    }
}
