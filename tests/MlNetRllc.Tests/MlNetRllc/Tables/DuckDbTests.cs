using DuckDB.NET.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Tables;

/// <summary>Traces as a user of SQL reads them, with nothing of ours.</summary>
public sealed class DuckDbTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void TracesInLists_UnfoldByTheReadmesQuery_IntoOneRowADraw()
    {
        var (sampled, path) = Saved();
        var expected = ml.Data.CreateEnumerable<LossTraceRow>(ml.Rllc.LossTraceTable(sampled), reuseRowObject: false)
            .Select(r => new Draw(r.Step, r.Component, r.Dataset, r.Chain, r.Draw, r.Loss)).ToHashSet();
        Assert.Equal(16 * 2 * 5, expected.Count);
        var found = Asked(ReadmesQuery(path), r => new Draw(
            r.GetInt32(0), r.GetString(1), r.GetString(2), (int)r.GetInt64(3), (int)r.GetInt64(4), r.GetDouble(5)));
        Assert.Equal(expected.Count, found.Count);
        Assert.Subset(expected, found.ToHashSet());
    }

    [Fact]
    public void TracesInLists_SayTheirShapeInTheFilesMetadata()
    {
        var (_, path) = Saved();
        var said = Asked($"SELECT decode(value) FROM parquet_kv_metadata('{path}') WHERE decode(key) = 'axes'", r => r.GetString(0));
        Assert.Equal(
            ["""{"Losses":{"chain":2,"draw":5},"BaselineLosses":{"draw":5},"MalaAcceptance":{"chain":2}}"""], said);
    }

    [Fact]
    public void LossTraceTable_IsOneRowADraw_WithArviZsNames()
    {
        var (sampled, _) = Saved();
        var path = PathOf("draws.parquet");
        ml.Rllc.SaveTable(ml.Rllc.LossTraceTable(sampled), path);
        Assert.Equal(["Step INTEGER", "Component VARCHAR", "Dataset VARCHAR", "chain INTEGER", "draw INTEGER", "Loss DOUBLE",
            "BaselineLoss DOUBLE"], Asked($"DESCRIBE SELECT * FROM '{path}'", r => $"{r.GetString(0)} {r.GetString(1)}"));
        var counted = Asked($"SELECT chain, count(*), max(draw) FROM '{path}' GROUP BY chain ORDER BY chain",
            r => (r.GetInt32(0), r.GetInt64(1), r.GetInt32(2)));
        Assert.Equal([(0, 80, 4), (1, 80, 4)], counted);
    }

    [Fact]
    public void TracesOfAnEarlierVersion_WithoutMetadata_GiveTheSameEstimates()
    {
        var (sampled, path) = Saved();
        // As a table that names no axes: what was read from a file has no annotations.
        var earlier = PathOf("earlier.parquet");
        ml.Rllc.SaveTable(ml.Rllc.LoadTable(path), earlier);
        Assert.Empty(Asked($"SELECT 1 FROM parquet_kv_metadata('{earlier}') WHERE decode(key) = 'axes'", r => r.GetInt32(0)));
        foreach (var file in (string[])[path, earlier])
            Assert.Equal(Estimates(sampled), Estimates(ml.Rllc.LoadTable(file)));
    }

    private List<double> Estimates(IDataView traces) =>
        [.. ml.Rllc.EstimateRllc().Fit(traces).Transform(traces).GetColumn<double>("Rllc")];

    private (IDataView Sampled, string Path) Saved()
    {
        var grid = study.Grid(ml);
        var sampled = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(grid).Transform(grid);
        ml.Rllc.SaveTable(sampled, PathOf("traces.parquet"));
        return (sampled, PathOf("traces.parquet"));
    }

    private string PathOf(string name) => Path.Combine(study.Folder, name);

    private static string ReadmesQuery(string path)
    {
        var readme = File.ReadAllLines(Path.Combine(Repository.Root, "src", "MlNetRllc.Runner", "README.md"));
        var query = readme.SkipWhile(line => line != "```sql").Skip(1).TakeWhile(line => line != "```");
        return string.Join('\n', query).Replace("runs/quickstart/tables/traces.parquet", path, StringComparison.Ordinal);
    }

    private static List<T> Asked<T>(string sql, Func<System.Data.Common.DbDataReader, T> read)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private sealed record Draw(int Step, string Component, string Dataset, int Chain, int Number, double Loss);
}
