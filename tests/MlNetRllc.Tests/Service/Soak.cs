using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Prediction;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Service;

/// <summary>Mixed use for as long as <c>MLNETRLLC_SOAK_SECONDS</c> says: pipelines, engines made and disposed, cancellations,
/// failing sources, two processes on one folder of rows. Memory, handles and threads at a fifth of the time and at its end
/// must be about the same.</summary>
internal sealed class Soak(string folder) : IDisposable
{
    public const string Seconds = "MLNETRLLC_SOAK_SECONDS", Folder = "MLNETRLLC_SOAK_FOLDER";

    private readonly TinyStudy study = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan time =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(Seconds) ?? "10", CultureInfo.InvariantCulture));
    private readonly List<string> expected = Expected();
    private long rounds;

    public void Dispose() => study.Dispose();

    /// <summary>Runs all kinds of use side by side, the first process with a neighbour on the same rows.</summary>
    public void Run(bool withNeighbour)
    {
        (string, string)[] environment = [(Seconds, $"{time.TotalSeconds}"), (Folder, folder)];
        var neighbour = withNeighbour ? Scenario.Start(nameof(Scenarios.SoakBesideAnother), null, environment) : null;
        try
        {
            Run(neighbour);
        }
        finally
        {
            // What it still writes would be in the way of whoever tidies up.
            if (neighbour is { HasExited: false }) neighbour.Kill(entireProcessTree: true);
            neighbour?.Dispose();
        }
    }

    private void Run(Process? neighbour)
    {
        var state = new List<State>();
        Action[] uses = [Pipeline, Engines, Cancelled, FailingSource, SharedRows];
        var workers = uses.Select(use => Task.Factory.StartNew(() => Repeat(use), TaskCreationOptions.LongRunning)).ToArray();
        foreach (var share in (double[])[0.2, 1])
        {
            while (clock.Elapsed < share * time && !workers.Any(w => w.IsFaulted)) Thread.Sleep(50);
            state.Add(State.Now());
        }
        Task.WaitAll(workers);
        Console.WriteLine($"{rounds} rounds in {clock.Elapsed.TotalSeconds:F0} s; {state[0]}; {state[1]}");
        if (neighbour is not null)
        {
            var errors = neighbour.StandardError.ReadToEndAsync();
            neighbour.WaitForExit();
            if (neighbour.ExitCode != 0) throw new InvalidDataException($"The neighbour ended with {neighbour.ExitCode}: {errors.Result}");
        }
        if (state[1].MegaBytes > 1.25 * state[0].MegaBytes + 100
            || state[1].Handles > state[0].Handles + 20
            || state[1].Threads > state[0].Threads + 10)
            throw new InvalidDataException("It grows.");
    }

    private static List<string> Expected()
    {
        using var own = new TinyStudy();
        return Rows(own, new RowStore());
    }

    private void Repeat(Action use)
    {
        do
        {
            use();
            Interlocked.Increment(ref rounds);
        } while (clock.Elapsed < time);
    }

    private void Pipeline() => Same(expected, Rows(study, new RowStore()));

    private void SharedRows()
    {
        var rows = Path.Combine(folder, $"rows-{(int)clock.Elapsed.TotalSeconds / 5}");
        Same(expected, Rows(study, new RowStore(rows)));
    }

    private static void Engines()
    {
        var ml = new MLContext(1);
        using var text = new TextModel(ml);
        using var reader = ml.Rllc.PredictText(text.Tokenizer, text.Model, options: new() { Continuation = 2 }).Fit(text.Documents);
        Parallel.For(0, 20, new() { MaxDegreeOfParallelism = 2 }, i =>
        {
            using var engine = ml.Model.CreatePredictionEngine<Scenarios.Question, Scenarios.Answer>(reader);
            var answer = engine.Predict(new() { Text = $"Document {i}" });
            if (!float.IsFinite(answer.Loss)) throw new InvalidDataException("A loss is not finite.");
        });
    }

    private void Cancelled()
    {
        var ml = new MLContext(1);
        using var stop = new CancellationTokenSource();
        var listener = new Stopping(stop);
        var grid = study.Grid(ml);
        var sampler = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, progress: listener, cancellation: stop.Token);
        var output = sampler.Fit(grid).Transform(grid);
        try { RowDump.Of(output); throw new InvalidDataException("It was not cancelled."); }
        catch (OperationCanceledException) { }
        catch (Exception e) when (e.InnerException is OperationCanceledException) { }
    }

    private void FailingSource()
    {
        var ml = new MLContext(1);
        var row = new GridRow { Component = "l0h0", Dataset = "docs", Checkpoint = study.PathOf(9) };
        var missing = ml.Data.LoadFromEnumerable(new[] { row });
        var chain = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Append(ml.Rllc.EstimateRllc());
        try { chain.Fit(missing); throw new InvalidDataException("A missing checkpoint was fitted."); }
        catch (FileNotFoundException) { }
        var output = chain.Fit(study.Grid(ml)).Transform(missing);
        if (!RowDump.Of(output).Any(said => said.Contains("failed", StringComparison.Ordinal)))
            throw new InvalidDataException("A missing checkpoint was sampled.");
        try { ml.Rllc.LoadText(Path.Combine(folder, "no-such.jsonl")); throw new InvalidDataException("A missing text was loaded."); }
        catch (FileNotFoundException) { }
    }

    private static List<string> Rows(TinyStudy study, RowStore store)
    {
        var ml = new MLContext(1);
        var grid = study.Grid(ml);
        var chain = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, store).Append(ml.Rllc.EstimateRllc());
        var sampled = chain.Fit(grid).Transform(grid);
        // Without the checkpoint's path, which is the study's own.
        var kept = ml.Transforms.SelectColumns("Step", "Component", "Dataset", "Rllc", "RllcStdErr", "Status");
        return [.. RowDump.Of(kept.Fit(sampled).Transform(sampled))];
    }

    private static void Same(List<string> expected, List<string> found)
    {
        if (expected.SequenceEqual(found)) return;
        throw new InvalidDataException($"{string.Join('\n', expected)}\nbecame\n{string.Join('\n', found)}");
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => stop.Cancel();
    }

    private sealed record State(double Minutes, double MegaBytes, int Handles, int Threads)
    {
        public static State Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            var minutes = (DateTime.Now - process.StartTime).TotalMinutes;
            return new(minutes, process.WorkingSet64 / 1e6, process.HandleCount, process.Threads.Count);
        }

        public override string ToString() => $"at {Minutes:F1} min {MegaBytes:F0} MB, {Handles} handles, {Threads} threads";
    }
}
