using Microsoft.ML;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Service;

/// <summary>Synchronous calls come back on a thread that runs what is posted to it only once it is free, as those of WPF,
/// WinForms and Blazor.</summary>
public sealed class SingleThreadTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<string> Components => [.. Names()];

    public void Dispose() => study.Dispose();

    [Theory]
    [MemberData(nameof(Components))]
    public void Component_FitsTransformsSavesAndLoads(string name) => OnSuchAThread(() =>
    {
        var component = WorkoutCase.All(study).Single(c => c.ToString() == name);
        var input = component.Input(ml);
        var fitted = component.Make(ml).Fit(input);
        var rows = RowDump.Of(fitted.Transform(input));
        var file = Path.Combine(study.Folder, "model.zip");
        ml.Model.Save(fitted, input.Schema, file);
        Assert.Equal(rows, RowDump.Of(ml.Model.Load(file, out _).Transform(input)));
    });

    [Theory]
    [InlineData(".csv")]
    [InlineData(".parquet")]
    public void Table_IsSavedAndLoaded(string ending) => OnSuchAThread(() =>
    {
        var path = Path.Combine(study.Folder, "grid" + ending);
        ml.Rllc.SaveTable(study.Grid(ml), path);
        Assert.Equal(16, RowDump.Of(ml.Rllc.LoadTable(path)).Count);
        // As a text too: its strings are documents.
        Assert.NotEmpty(RowDump.Of(ml.Rllc.LoadText(Card(path)).View));
    });

    [Fact]
    public void LoaderAndKnownDataset_AreRead() => OnSuchAThread(() =>
    {
        var file = Path.Combine(study.Folder, "a.jsonl");
        File.WriteAllText(file, "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
        Assert.Equal(2, RowDump.Of(ml.Rllc.CreateTextLoader().Load(new Microsoft.ML.Data.MultiFileSource(file))).Count);
        Assert.True(ml.Rllc.LoadText("dotnet-code").Documents().Any());
    });

    private string Card(string path)
    {
        var card = Path.Combine(study.Folder, "card.yaml");
        File.WriteAllText(card, $"name: x\ntextColumn: Component\nsources: [{{ location: {Path.GetFileName(path)} }}]\n");
        return card;
    }

    private static IEnumerable<string> Names()
    {
        using var study = new TinyStudy();
        return [.. WorkoutCase.All(study).Select(c => c.ToString())];
    }

    private static void OnSuchAThread(Action call)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new Busy());
            try { call(); }
            catch (Exception e) { thrown = e; }
        }) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "The call waits for what was posted to its own thread.");
        if (thrown is not null) throw new InvalidOperationException("The call failed.", thrown);
    }

    /// <summary>Keeps what is posted for when its thread is free, which it is not while it is in a call.</summary>
    private sealed class Busy : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { }

        public override void Send(SendOrPostCallback d, object? state) => d(state);
    }
}
