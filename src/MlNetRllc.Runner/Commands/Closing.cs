using MlNetRllc.Runner.Running;
using Spectre.Console;

namespace MlNetRllc.Runner.Commands;

/// <summary>What a run says at its end: losses beside entropies, the heads, where the report is.</summary>
internal static class Closing
{
    public static void Print(IAnsiConsole console, RunRecord record, RunFolder folder)
    {
        if (record.Results.TryGetValue("validationLoss", out var loss) && double.IsFinite(loss))
            console.WriteLine($"Validation loss {loss:F3} nats per token"
                + (record.Results.TryGetValue("bigramEntropy", out var bigram) ? $"; a bigram model has {bigram:F3}, a unigram model {record.Results["unigramEntropy"]:F3}." : "."));
        HeadTable.Print(console, folder.At("tables", "rllc.csv"), folder.At("tables", "clusters.csv"));
        console.WriteLine($"{record.Steps.Where(s => !s.Kept).Sum(s => s.Seconds):F0} s, peak memory {record.PeakMemoryGiB:F1} GiB.");
        console.WriteLine($"Report: {folder.Report}");
    }
}
