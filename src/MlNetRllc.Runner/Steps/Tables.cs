using Microsoft.ML;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Writes a table of results in both formats.</summary>
internal static class Tables
{
    public static void Save(StudyContext context, IDataView table, string name)
    {
        foreach (var format in (string[])["parquet", "csv"]) context.Ml.Rllc.SaveTable(table, context.Folder.At("tables", $"{name}.{format}"));
    }
}
