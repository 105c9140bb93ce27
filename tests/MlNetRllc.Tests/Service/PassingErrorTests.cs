using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Workout;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Service;

/// <summary>What passes does not stay: an error of the caller's is the caller's, and what can be tried again is tried again.</summary>
public sealed class PassingErrorTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void RowThatAnotherReaderPutsMeanwhile_IsTaken()
    {
        var datasets = TinyStudy.Datasets(ml).ToDictionary(d => d.Key, d => ContextTables.Read(d.Value, d.Key), StringComparer.Ordinal);
        var environment = new MLContext(1).Rllc.Environment;
        Sweep Over(RowStore store) =>
            new(datasets, TinyStudy.Options, store, environment.Register("test"), null, null, null, default);
        var first = new RowStore();
        var expected = Over(first).Row(study.PathOf(0), "docs", "l0h0", ["l0h0", "l1h1"]);
        var store = new RowStore();
        var sweep = Over(store);
        var key = sweep.KeyOfRow(study.PathOf(0), "docs", "l0h0")!.Value;
        // The other components are looked through after the row itself was looked for: then the other reader comes.
        var interrupted = new Interrupted(["l0h0", "l1h1"], () => store.Put(key.Row, first.Find(key.Row)!));
        var found = sweep.Row(study.PathOf(0), "docs", "l0h0", interrupted);
        Assert.Equal("", found.Status);
        Assert.Equal(expected.Trace!.Losses, found.Trace!.Losses);
    }

    [Fact]
    public void ListenerThatThrowsOnce_SpoilsNoRow()
    {
        var told = 0;
        var listener = new Listener(() =>
        {
            if (told++ == 0) throw new ArgumentException("the listener's own");
        });
        var grid = study.Grid(ml);
        var output = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options, progress: listener).Fit(grid).Transform(grid);
        Assert.Contains("the listener's own", Assert.ThrowsAny<Exception>(() => RowDump.Of(output)).ToString(), StringComparison.Ordinal);
        var undisturbed = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(grid).Transform(grid);
        Assert.Equal(RowDump.Of(undisturbed), RowDump.Of(output));
    }

    [Fact]
    public void GridThatFailsOnce_IsReadAgain()
    {
        var grid = new Source(ml, study.Grid(ml));
        var fitted = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(study.Grid(ml));
        var output = fitted.Transform(grid.View);
        grid.Fails = true;
        Assert.ThrowsAny<Exception>(() => RowDump.Of(output));
        grid.Fails = false;
        Assert.Equal(RowDump.Of(fitted.Transform(study.Grid(ml))), RowDump.Of(output));
    }

    [Fact]
    public void TextThatFailsOnce_IsTokenizedAgain()
    {
        var texts = Enumerable.Range(0, 40).Select(i => new Document { Text = $"Document {i} tells of the number {i}." });
        var documents = ml.Data.LoadFromEnumerable(texts.ToList());
        var store = Path.Combine(study.Folder, "tokens");
        var options = new TokenizeTextOptions { VocabularySize = 280, ContextLength = 8, StoreFolder = store };
        var fitted = ml.Rllc.TokenizeText(options).Fit(documents);
        var source = new Source(ml, documents);
        var output = fitted.Transform(source.View);
        source.Fails = true;
        Assert.ThrowsAny<Exception>(() => RowDump.Of(output));
        source.Fails = false;
        Assert.Equal(RowDump.Of(fitted.Transform(documents)), RowDump.Of(output));
    }

    [Fact]
    public void ScoringTextThatFailsOnce_IsReadAgain()
    {
        var grid = new Source(ml, study.Grid(ml));
        var fitted = ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1)).Append(ml.Rllc.ClassifyHeads()).Fit(study.Grid(ml));
        var output = fitted.Transform(grid.View);
        grid.Fails = true;
        Assert.ThrowsAny<Exception>(() => RowDump.Of(output));
        grid.Fails = false;
        Assert.Equal(RowDump.Of(fitted.Transform(study.Grid(ml))), RowDump.Of(output));
    }

    /// <summary>A table whose rows fail to be read while it is told so.</summary>
    private sealed class Source
    {
        public Source(MLContext ml, IDataView table) =>
            View = ml.Data.FilterByCustomPredicate<Any>(table, _ => Fails ? throw new IOException("the share is away") : false);

        public bool Fails { get; set; }

        public IDataView View { get; }
    }

    private sealed class Any;

    private sealed class Document
    {
        public string Text { get; set; } = "";
    }

    private sealed class Listener(Action told) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => told();
    }

    private sealed class Interrupted(string[] names, Action interrupt) : IReadOnlyList<string>
    {
        public int Count => names.Length;

        public string this[int index] => names[index];

        public IEnumerator<string> GetEnumerator()
        {
            interrupt();
            return ((IEnumerable<string>)names).GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
