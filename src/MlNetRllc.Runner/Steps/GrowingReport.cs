using System.Diagnostics;
using Microsoft.ML;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Runner.Steps;

/// <summary>The report of a run in progress: made of the rows that are sampled so far, behind each checkpoint, and marked as
/// unfinished.</summary>
/// <remarks>It takes the place that the finished report will have, where none is yet. On a long run it is written so seldom that it
/// costs a twentieth of the time.</remarks>
internal sealed class GrowingReport
{
    private const double ShareOfTime = 0.05;

    private readonly StudyContext context;
    private readonly StepSpec report;
    private readonly IDataView sampled;
    private readonly int checkpoints;
    private readonly HashSet<int> done = [];
    private readonly Stopwatch sinceWritten = new();
    private TimeSpan taken;

    private GrowingReport(StudyContext context, StepSpec report, IDataView sampled, int checkpoints) =>
        (this.context, this.report, this.sampled, this.checkpoints) = (context, report, sampled, checkpoints);

    /// <summary>The report that a sample step's estimates go to, where it will be written in this run; else null.</summary>
    /// <param name="context">The sample step.</param>
    /// <param name="sampled">Its rows, computed as they are asked for.</param>
    /// <param name="checkpoints">How many checkpoints they are of.</param>
    public static GrowingReport? Begin(StudyContext context, IDataView sampled, int checkpoints)
    {
        var pipeline = context.Pipeline;
        var report = pipeline.Steps.FirstOrDefault(s => s.Kind is ReportStep && context.WillRun(s)
            && pipeline.InputOf(pipeline.InputOf(s, "rllc"), "traces").Name == context.Step.Name);
        // A page that an earlier run finished stays until the new one is whole.
        if (report is null || Manifest.Find(context.Folder.Path, report.Name) is not null) return null;
        var growing = new GrowingReport(context, report, sampled, checkpoints);
        growing.Write();
        return growing;
    }

    /// <summary>Told when all rows of a checkpoint are sampled.</summary>
    public void Finish(int step)
    {
        if (!done.Add(step)) return;
        if (done.Count == 1 || done.Count == checkpoints || sinceWritten.Elapsed * ShareOfTime > taken) Write();
    }

    private void Write()
    {
        var watch = Stopwatch.StartNew();
        try
        {
            ReportPage.Write(context.Folder.Report, ReportStep.Begun(context, report, Estimated()) with
            {
                Unfinished = $"The run goes on: {done.Count} of {CheckpointWords(checkpoints)} sampled, as of "
                    + $"{DateTime.UtcNow:HH:mm:ss} UTC. Load the page again for more.",
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A page that cannot be written now, being open elsewhere, is no reason to end the run: the finished one will say so.
        }
        taken = watch.Elapsed;
        sinceWritten.Restart();
    }

    private EstimatedRows Estimated()
    {
        var traces = context.Ml.Data.FilterByCustomPredicate<RowStep>(sampled, row => !done.Contains(row.Step));
        var options = context.Pipeline.InputOf(report, "rllc").Get<EstimationOptions>();
        return new(context.Ml.Rllc.EstimateRllc(options).Fit(traces).Transform(traces), traces);
    }

    private static string CheckpointWords(int count) => count == 1 ? "1 checkpoint is" : $"{count:N0} checkpoints are";

    private sealed class RowStep
    {
        public int Step { get; set; }
    }
}
