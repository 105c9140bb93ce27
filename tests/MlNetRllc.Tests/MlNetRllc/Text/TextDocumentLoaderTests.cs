using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Text;
using MlNetRllc.Text.Formats;

namespace MlNetRllc.Tests.Text;

public sealed class TextDocumentLoaderTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-loader-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private MultiFileSource Files()
    {
        File.WriteAllText(Path.Combine(folder, "a.jsonl"), "{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
        File.WriteAllText(Path.Combine(folder, "b.txt"), "three\nfour\n");
        return new(Path.Combine(folder, "a.jsonl"), Path.Combine(folder, "b.txt"));
    }

    [Fact]
    public void Files_BecomeDocumentsInOrder()
    {
        var view = ml.Rllc.CreateTextLoader(new() { Unit = DocumentUnit.Line }).Load(Files());
        Assert.Equal(["one", "two", "three", "four"], view.GetColumn<string>("Text"));
        Assert.EndsWith("b.txt:2", view.GetColumn<string>("Document").Last());
    }

    [Fact]
    public void Loader_IsSavedWithAModel_AndComesBackAsItself()
    {
        var loader = ml.Rllc.CreateTextLoader(new() { Unit = DocumentUnit.Line, LongestDocument = 1000 });
        var upper = ml.Transforms.Text.NormalizeText("Upper", "Text", Microsoft.ML.Transforms.Text.TextNormalizingEstimator.CaseMode.Upper);
        var model = upper.Fit(loader.Load(Files()));
        var path = Path.Combine(folder, "model.zip");
        ml.Model.Save(model, loader, path);
        var fresh = new MLContext();
        var transformer = fresh.Model.LoadWithDataLoader(path, out var loaded);
        Assert.Equal(["ONE", "TWO", "THREE", "FOUR"], transformer.Transform(loaded.Load(Files())).GetColumn<string>("Upper"));
    }

    [Fact]
    public void LoaderAlone_IsSaved()
    {
        var path = Path.Combine(folder, "loader.zip");
        ml.Model.Save(null, ml.Rllc.CreateTextLoader(new() { Separator = "##", Unit = DocumentUnit.Separator }), path);
        new MLContext().Model.LoadWithDataLoader(path, out var loaded);
        File.WriteAllText(Path.Combine(folder, "c.txt"), "one##two");
        Assert.Equal(["one", "two"], loaded.Load(new MultiFileSource(Path.Combine(folder, "c.txt"))).GetColumn<string>("Text"));
    }

    [Fact]
    public void OptionOutsideRange_IsRefused() =>
        Assert.Contains("LongestDocument", Assert.Throws<ArgumentOutOfRangeException>(() =>
            ml.Rllc.CreateTextLoader(new() { LongestDocument = 0 })).Message);
}
