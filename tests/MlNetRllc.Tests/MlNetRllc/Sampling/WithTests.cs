using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Foundation;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Sampling;

/// <summary>A study for one use: token, progress and store are its own, all else is shared.</summary>
public sealed class WithTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    private IDataView Grid => study.Grid(ml);

    private SgldSamplingTransformer Sampler(IProgress<SweepProgress>? progress = null, RowStore? store = null, MLContext? context = null,
        CancellationToken cancellation = default) =>
        (context ?? ml).Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, store, progress, cancellation: cancellation).Fit(Grid);

    private List<string> NeverCancelled() => RowDump.Of(Sampler().Transform(Grid));

    [Fact]
    public void CancelledView_ReadAnewThroughWith_GivesTheBytesOfOneNeverCancelled()
    {
        using var stop = new CancellationTokenSource();
        var listener = new Cancelling.Listener<SweepProgress>(p => { if (p is { Dataset: "code", Step: 2 }) stop.Cancel(); });
        var sampler = Sampler(listener, cancellation: stop.Token);
        var view = sampler.Transform(Grid);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(view));
        var groups = new HashSet<(string, string)>();
        var live = ml.Rllc.With(sampler, default, new Cancelling.Listener<SweepProgress>(p => groups.Add((p.Checkpoint, p.Dataset))));
        Assert.Equal(NeverCancelled(), RowDump.Of(live.Transform(Grid)));
        Assert.Equal(3, groups.Count); // the group that was finished is shared
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(view));
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(sampler.Transform(Grid)));
    }

    [Fact]
    public void LoadedStudy_TakesAnotherStoreThanItsPath_InAnyDepthOfItsChain()
    {
        string At(string name) => Path.Combine(study.Folder, name);
        var (saved, other, file) = (At("saved"), At("other"), At("study.zip"));
        var inner = Sampler(store: new RowStore(saved)).Append(ml.Rllc.EstimateRllc().Fit(Sampler().Transform(Grid)));
        var fitted = new TransformerChain<ITransformer>(ml.Transforms.CopyColumns("Before", "Step").Fit(Grid), inner);
        ml.Model.Save(fitted, Grid.Schema, file);

        var fresh = new MLContext();
        var loaded = fresh.Model.Load(file, out _);
        var steps = 0;
        var mapped = fresh.Rllc.With(loaded, default, new Cancelling.Listener<SweepProgress>(_ => steps++), new RowStore(other));
        Assert.Equal(RowDump.Of(fitted.Transform(Grid)), RowDump.Of(mapped.Transform(Grid)));
        Assert.Equal(16, RowFiles.Count(other));
        Assert.Equal(4 * TinyStudy.Options.Steps, steps);
        Assert.IsType<TransformerChain<ITransformer>>(mapped);

        Directory.Delete(saved, recursive: true);
        ml.Model.Save(mapped, Grid.Schema, file);
        RowDump.Of(new MLContext().Model.Load(file, out _).Transform(Grid));
        Assert.False(Directory.Exists(saved)); // the study that was saved again has the other store
    }

    [Fact]
    public void SavedModel_CarriesNoToken()
    {
        var file = Path.Combine(study.Folder, "sampler.zip");
        var cancelled = ml.Rllc.With(Sampler(), Cancelling.Cancelled);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(cancelled.Transform(Grid)));
        ml.Model.Save(cancelled, Grid.Schema, file);
        Assert.Equal(NeverCancelled(), RowDump.Of(new MLContext().Model.Load(file, out _).Transform(Grid)));
    }

    [Fact]
    public void ChainOfAKnownType_KeepsIt()
    {
        var chain = Sampler().Append(ml.Rllc.EstimateRllc().Fit(Sampler().Transform(Grid)));
        var mapped = ml.Rllc.With(chain, Cancelling.Cancelled);
        Assert.Same(chain.LastTransformer, mapped.LastTransformer);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(mapped.Transform(Grid)));
        Assert.NotEmpty(RowDump.Of(chain.Transform(Grid)));
    }

    [Fact]
    public void ProgressOrStore_ThatNobodyTakes_IsRefused()
    {
        ITransformer copy = ml.Transforms.CopyColumns("A", "Step").Append(ml.Transforms.CopyColumns("B", "A")).Fit(Grid);
        Assert.Same(copy, ml.Rllc.With(copy, Cancelling.Cancelled));
        var refused = Assert.Throws<ArgumentException>(() => ml.Rllc.With(copy, store: new RowStore()));
        const string said = "A store is given, which only SampleSgld takes; there is none in the chain of ColumnCopyingTransformer";
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.Rllc.With(copy, progress: new Cancelling.Listener<SweepProgress>(_ => { })));
    }

    [Fact]
    public void CancelledContext_StopsSamplingAtTheNextStep_AndAnotherContextGoesOn()
    {
        var (context, steps) = (new MLContext(1), 0);
        var listener = new Cancelling.Listener<SweepProgress>(_ => { if (++steps == 3) context.CancelExecution(); });
        var sampler = Sampler(listener, context: context);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(sampler.Transform(Grid)));
        Assert.Equal(3, steps);
        Assert.ThrowsAny<OperationCanceledException>(() => RowDump.Of(context.Rllc.With(sampler).Transform(Grid)));
        Assert.Equal(NeverCancelled(), RowDump.Of(ml.Rllc.With(sampler).Transform(Grid)));
    }

    [Fact]
    public async Task ReaderThatWaitsForAnother_IsCancelledAtOnce()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var sampler = Sampler(new Cancelling.Listener<SweepProgress>(_ =>
        {
            inside.Set();
            leave.Wait();
        }));
        var first = Task.Run(() => RowDump.Of(sampler.Transform(Grid)), TestContext.Current.CancellationToken);
        inside.Wait(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var second = Task.Run(() => RowDump.Of(ml.Rllc.With(sampler, stop.Token).Transform(Grid)), CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None));
        Assert.False(first.IsCompleted);
        leave.Set();
        Assert.Equal(NeverCancelled(), await first);
    }

    [Fact]
    public void Log_SaysWhichGroupIsAtWhichStep_NowAndThen()
    {
        var lines = new List<string>();
        ml.Log += (_, e) => { if (e.Message.Contains(": step ", StringComparison.Ordinal)) lines.Add(e.Message); };
        var sampler = Sampler();
        RowDump.Of(sampler.Transform(Grid));
        Assert.Empty(lines); // it takes less than the five seconds
        var often = ml.Rllc.With(sampler, store: new RowStore());
        often.LogInterval = TimeSpan.Zero;
        RowDump.Of(often.Transform(Grid));
        Assert.Equal(4 * TinyStudy.Options.Steps, lines.Count);
        var steps = TinyStudy.Options.Steps;
        Assert.EndsWith($"4 components of {study.PathOf(0)} on 'docs': step 3 of {steps}.", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void LogListenerThatThrows_IsItsCallersFault_NotTheRows()
    {
        var context = new MLContext(1);
        var sampler = Sampler(context: context);
        sampler.LogInterval = TimeSpan.Zero;
        context.Log += (_, e) =>
        {
            if (e.Message.Contains(": step 2 ", StringComparison.Ordinal)) throw new ArgumentException("no disk for the log");
        };
        Assert.Equal("no disk for the log", Assert.Throws<ArgumentException>(() => RowDump.Of(sampler.Transform(Grid))).Message);
        Assert.Equal(NeverCancelled(), RowDump.Of(ml.Rllc.With(sampler).Transform(Grid)));
    }
}
