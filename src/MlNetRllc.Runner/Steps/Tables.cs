using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Writes the tables of a step under its name, so that a file may hold several steps of a kind.</summary>
internal static class Tables
{
    /// <summary>Writes a table in both formats; one that an earlier run wrote stays.</summary>
    /// <param name="context">The run.</param>
    /// <param name="step">Whose table it is.</param>
    /// <param name="table">Its rows.</param>
    /// <param name="part">What is appended to the step's name, for a second table of the step; such as <c>-pairs</c>.</param>
    public static void Save(StudyContext context, StepSpec step, IDataView table, string part = "")
    {
        SaveParquet(context, step, table, part);
        Write(context, table, $"{step.Name}{part}.csv");
    }

    /// <summary>Writes a table whose content is in vectors, which CSV has no place for.</summary>
    public static void SaveParquet(StudyContext context, StepSpec step, IDataView table, string part = "") => Write(context, table, $"{step.Name}{part}.parquet");

    private static void Write(StudyContext context, IDataView table, string file)
    {
        if (context.Restored is not null) return;
        var path = context.Folder.At("tables", file);
        context.Ml.Rllc.SaveTable(table, path);
        context.Keep(path);
    }
}
