using System.Diagnostics;
using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Running;

/// <summary>Runs the steps of a pipeline one after another and keeps run.json.</summary>
internal static class StudyRunner
{
    /// <summary>Does a step's work.</summary>
    /// <returns>A line that says what came out.</returns>
    public delegate string StepAction(StudyContext context, StepSpec step);

    private static readonly Dictionary<string, StepAction> Actions = new()
    {
        ["tokenize"] = TokenizeStep.Run, ["train"] = TrainStep.Run, ["sample"] = SampleStep.Run,
        ["estimate"] = EstimateStep.Run, ["score"] = ScoreStep.Run, ["classify"] = ClassifyStep.Run, ["stages"] = StagesStep.Run,
        ["findings"] = FindingsStep.Run, ["examples"] = ExamplesStep.Run,
        ["cluster"] = ClusterStep.Run, ["report"] = ReportStep.Run,
    };

    /// <summary>Runs a study to the end.</summary>
    /// <returns>What was run, for the closing summary.</returns>
    public static RunRecord Run(Pipeline pipeline, RunFolder folder, IStudyDisplay display, CancellationToken cancellation)
    {
        using var context = new StudyContext(new MLContext(pipeline.Seed), pipeline, folder, display, cancellation);
        void Save(string state) => folder.WriteJson("run.json", Record(context, state));
        Save("running");
        var keys = StepKey.Of(pipeline);
        try
        {
            display.Show(() =>
            {
                foreach (var step in pipeline.Steps)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var watch = Stopwatch.StartNew();
                    display.Begin(step.Name, step.Kind.Component);
                    var summary = Actions[step.Kind.Name](context, step);
                    display.End(step.Name, summary, watch.Elapsed);
                    Manifest.Write(folder, step.Name, keys[step.Name], summary, watch.Elapsed.TotalSeconds);
                    context.Steps.Add(new(step.Name, step.Kind.Component, summary, Math.Round(watch.Elapsed.TotalSeconds, 3)) { Tables = context.TablesOf(step) });
                    Save("running");
                }
            });
            var end = context.Problems.Count > 0 ? "partly done" : "finished";
            Save(end);
            return Record(context, end);
        }
        catch (Exception e)
        {
            // On a full disk not even this can be written; what the step threw is what the user needs.
            try { Save(IsCancellation(e) ? "cancelled" : "failed"); }
            catch (IOException) { }
            throw;
        }
    }

    /// <summary>Whether an exception is a cancellation, also where ML.NET has wrapped it.</summary>
    public static bool IsCancellation(Exception? e) => e is not null && (e is OperationCanceledException || IsCancellation(e.InnerException));

    private static RunRecord Record(StudyContext context, string state) => new()
    {
        Name = context.Pipeline.Name,
        Seed = context.Pipeline.Seed,
        File = context.Pipeline.File.Path,
        Pipeline = context.Pipeline.File.Text,
        Options = context.Pipeline.Steps.ToDictionary(s => s.Name, s => (object)s.Options.ToDictionary(o => o.GetType().Name)),
        Started = context.Started,
        Finished = state == "running" ? null : DateTime.UtcNow,
        State = state,
        Steps = [.. context.Steps],
        Results = context.Results,
        Problems = [.. context.Problems],
        PeakMemoryGiB = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 30), 2),
    };
}
