using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>What a run says at its end: losses beside entropies, the heads, where the report is.</summary>
internal static class Closing
{
    public static void Print(IAnsiConsole console, RunRecord record, RunFolder folder)
    {
        var models = record.Steps.Where(s => s.Kind == "TrainAttentionOnlyTransformer").ToList();
        foreach (var model in models)
            if (record.Results.TryGetValue($"{model.Name}.validationLoss", out var loss) && double.IsFinite(loss))
                console.WriteLine($"Validation loss {(models.Count > 1 ? $"of {model.Name} " : "")}{loss:F3} nats per token"
                    + (record.Results.TryGetValue($"{model.Name}.bigramEntropy", out var bigram) ? $"; a bigram model has {bigram:F3}, a unigram model {record.Results[$"{model.Name}.unigramEntropy"]:F3}." : "."));
        HeadTable.Print(console, RunTables.TablesOf(folder.Path, "EstimateRllc", record), RunTables.TablesOf(folder.Path, "ClusterTrajectories", record));
        console.WriteLine($"{record.Steps.Where(s => !s.Kept).Sum(s => s.Seconds):F0} s, peak memory {record.PeakMemoryGiB:F1} GiB.");
        console.WriteLine($"Report: {folder.Report}");
    }
}
