using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Native;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>Runs the steps of a pipeline, each once, and keeps run.json:
/// what an earlier run did of the same key, and left whole, is not done again.</summary>
internal static class StudyRunner
{
    /// <summary>Runs a study to the end.</summary>
    /// <returns>What was run, for the closing summary.</returns>
    /// <exception cref="PipelineException">An option names a step that there is not,
    /// or leaves out one that is needed and not done.</exception>
    public static RunRecord Run(
        Pipeline pipeline, RunFolder folder, IStudyDisplay display, CancellationToken cancellation, RunOptions? options = null)
    {
        options ??= new();
        using var study = new Study(pipeline, folder, display, cancellation);
        foreach (var sentence in DamagedRecords.PutAside(folder)) study.TellDamaged(sentence);
        var gate = new Lock();
        void Save(string state)
        {
            lock (gate) folder.WriteRecord("run.json", Record(study, state));
        }
        // The record is written whole: after each step of a short study,
        // and of a long one as often as a tenth of its steps more are done.
        var (noted, done) = (0, 0);
        void Note()
        {
            lock (gate)
            {
                if (++done < noted + 1 + noted / 10) return;
                noted = done;
                Save("running");
            }
        }
        var chosen = StepSelection.StepsOf(pipeline, options);
        study.Chosen = [.. chosen];
        foreach (var dataset in DatasetsOf(pipeline, chosen)) DatasetIdentity.Fetch(pipeline.Datasets[dataset]);
        var keys = StepKey.KeysOf(pipeline);
        foreach (var step in pipeline.Steps.Except(chosen))
        {
            var needing = chosen.FirstOrDefault(c => StepSelection.Before(pipeline, c).Contains(step));
            Keep(study, step, keys[step.Name], needing);
        }
        Save("running");
        try
        {
            display.Show(() =>
            {
                cancellation.ThrowIfCancellationRequested();
                var cores = options.Cores > 0 ? Math.Min(options.Cores, Environment.ProcessorCount) : Environment.ProcessorCount;
                var failures = new StepScheduler(cores, options.KeepGoing).Run(chosen, step =>
                {
                    RunStep(study, step, keys[step.Name], options.Force.Contains(step.Name));
                    Note();
                }, cancellation);
                Judge(study, chosen, failures, options.KeepGoing);
            });
            var end = study.Problems.Count > 0 || study.Steps.Count < pipeline.Steps.Count ? "partly done" : "finished";
            Save(end);
            return Record(study, end);
        }
        catch (Exception e)
        {
            // On a full disk not even this can be written; what the step threw is what the user needs.
            try { Save(IsCancellation(e) ? "cancelled" : "failed"); }
            catch (Exception other) when (other is IOException or UnauthorizedAccessException) { }
            throw;
        }
    }

    /// <summary>Whether an exception is a cancellation, also where ML.NET has wrapped it.</summary>
    public static bool IsCancellation(Exception? e) =>
        e is not null && (e is OperationCanceledException || IsCancellation(e.InnerException));

    private static void RunStep(Study study, StepSpec step, StepKey key, bool forced)
    {
        study.Cancellation.ThrowIfCancellationRequested();
        var watch = Stopwatch.StartNew();
        var folder = study.Folder;
        if (Kept(study, step, key, forced) is { } kept)
        {
            study.Display.Begin(step.Name, step.Kind.Component);
            Restore(study, step, key, kept);
            study.Display.End(step.Name, $"{kept.Summary} (done before)", watch.Elapsed);
            return;
        }
        study.Display.Begin(step.Name, step.Kind.Component);
        var context = new StudyContext(study, step, key) { Forced = forced };
        CheckInputs(study.Pipeline, step, key);
        string summary;
        try { summary = Act(context); }
        // Whatever it opened is the study's to close, also of a step that failed behind it.
        finally { study.PutOutput(step.Name, context.Output); }
        CheckInputs(study.Pipeline, step, key);
        var manifest = new Manifest(step.Name, key.Value, key.Parts, summary, Math.Round(watch.Elapsed.TotalSeconds, 3))
        {
            Files = [.. context.Files.Select(f => OutputFile.DescribedAt(folder.Path, f))],
            Inputs = step.Needs.ToDictionary(name => name, name => study.ManifestOf(name)!.Digest),
            Model = context.Model,
            Results = context.Results.Own,
            Problems = [.. context.Problems],
        };
        manifest.Write(folder);
        study.FinishStep(manifest);
        study.Display.End(step.Name, summary, watch.Elapsed);
    }

    /// <summary>What the step left when it was done, here or in another run of the sweep; null when there is work to do.
    /// What is then there is damaged, or unwanted: not a byte of it goes into what is made.</summary>
    private static Manifest? Kept(Study study, StepSpec step, StepKey key, bool forced)
    {
        var folder = study.Folder;
        var isDamaged = StoredContent.PutDamagedAside(study, folder.Path, step, key);
        if (!forced && !isDamaged && StepState.StateOf(folder.Path, step, key, study.ManifestOf, thorough: true)
            is { IsDone: true, Manifest: { } found }) return found;
        if (Manifest.Find(folder.Path, step.Name) is { } before)
        {
            foreach (var sentence in StepFiles.Discard(folder, step.Planned().ContentFolders, before, key.Value, forced))
                study.TellDamaged(sentence);
        }
        return forced ? null : StepFiles.Adopt(study, step, key);
    }

    private static IEnumerable<string> DatasetsOf(Pipeline pipeline, IEnumerable<StepSpec> steps) => (
        from step in steps
        from input in step.Kind.Inputs
        where input.IsFile && input.Type != InputType.Folder && step.Has(input.Key)
        from name in step.Inputs[input.Key]
        select pipeline.DatasetOf(input, name)).Distinct();

    // What is made of a text that changed since the keys were taken must not be kept under the key of what it was.
    private static void CheckInputs(Pipeline pipeline, StepSpec step, StepKey key)
    {
        var hashes = new InputHashes();
        foreach (var input in step.Kind.Inputs.Where(i => i.IsFile && step.Has(i.Key)))
        {
            if (StepKey.ContentOf(pipeline, step, input, hashes) == key.Parts[input.Key]) continue;
            throw new IOException(
                $"{step.Name}: {input.Key} ({string.Join(", ", step.Inputs[input.Key])}) was changed after the run began. "
                + "Run again: what does not follow from it is kept.");
        }
    }

    // A step that was not chosen: taken as it is when it is done, and missed only when a chosen one needs it.
    private static void Keep(Study study, StepSpec step, StepKey key, StepSpec? neededBy)
    {
        var state = StepState.StateOf(study.Folder.Path, step, key, study.ManifestOf, thorough: neededBy is not null);
        if (state.IsDone) Restore(study, step, key, state.Manifest!);
        else if (neededBy is not null) throw StepSelection.NotDone(study.Pipeline, neededBy, step, state);
    }

    private static void Restore(Study study, StepSpec step, StepKey key, Manifest manifest)
    {
        study.Kept[step.Name] = true;
        study.FinishStep(manifest);
        study.PutOutputLater(step.Name, () =>
        {
            var context = new StudyContext(study, step, key) { Restored = manifest };
            Act(context);
            return context.Output;
        });
    }

    private static string Act(StudyContext context)
    {
        try { return context.Step.Runnable().Run(context); }
        catch (Exception e) when (!IsCancellation(e) && Defect.Is(e) && Defect.Innermost(e) is not DefectException)
        {
            throw new DefectException(StepPlace.Describe(context.Pipeline, context.Step, context.Now), e);
        }
    }

    private static void Judge(Study study, IReadOnlyList<StepSpec> chosen, IReadOnlyDictionary<string, Exception> failures, bool keepGoing)
    {
        foreach (var failure in failures.Values.Where(IsCancellation)) ExceptionDispatchInfo.Throw(failure);
        var failed = chosen.Where(s => failures.ContainsKey(s.Name)).ToList();
        if (failed.Count > 0 && (!keepGoing || study.Steps.Count == 0)) ExceptionDispatchInfo.Throw(failures[failed[0].Name]);
        if (failed.Count == 0) study.Cancellation.ThrowIfCancellationRequested();
        foreach (var step in failed) study.Failures[step.Name] = ErrorText.MessageOf(failures[step.Name]);
        foreach (var step in chosen.Where(s => study.ManifestOf(s.Name) is null && !failures.ContainsKey(s.Name)))
            study.Failures[step.Name] = $"not done, for '{StepSelection.Before(study.Pipeline, step).First(failed.Contains).Name}' failed";
    }

    private static RunRecord Record(Study study, string state) => new()
    {
        Name = study.Pipeline.Name,
        Seed = study.Pipeline.Seed,
        File = Path.GetFullPath(study.Pipeline.File.Path),
        Pipeline = study.Pipeline.File.Text,
        Set = study.Pipeline.Assignments,
        Budget = study.Pipeline.Budget,
        Options = study.Pipeline.Steps.ToDictionary(s => s.Name, s => (object)RanOptions.OptionsOf(s, study.ManifestOf(s.Name))),
        Started = study.Started,
        Finished = state == "running" ? null : DateTime.UtcNow,
        State = state,
        Steps = study.Steps,
        Results = study.Results,
        Problems = study.Problems,
        Damaged = [.. study.Damaged],
        PeakMemoryGiB = Math.Round(PeakMemory.Bytes() / (double)(1 << 30), 2),
    };
}
