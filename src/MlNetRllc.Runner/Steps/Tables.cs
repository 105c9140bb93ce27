using Microsoft.ML;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Writes a table of results in both formats.</summary>
internal static class Tables
{
    public static void Save(StudyContext context, IDataView table, string name)
    {
        foreach (var format in (string[])["parquet", "csv"]) Save(context, table, name, format);
    }

    /// <summary>Writes a table in one format; one that an earlier run wrote stays.</summary>
    public static void Save(StudyContext context, IDataView table, string name, string format)
    {
        if (context.Restored is not null) return;
        var path = context.Folder.At("tables", $"{name}.{format}");
        context.Ml.Rllc.SaveTable(table, path);
        context.Keep(path);
    }
}
