using Microsoft.ML;
using MlNetRllc.Foundation;

namespace MlNetRllc.Tests.Workout;

/// <summary>Compares this process, in which other tests train meanwhile, with a fresh one, bit by bit.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public async Task SavedInAChain_LoadsInAnotherProcess_AsItsOwnType()
    {
        var expected = "";
        foreach (var component in WorkoutCase.All(study).OrderBy(c => c.ToString(), StringComparer.Ordinal))
        {
            var input = component.Input(ml);
            var before = ml.Transforms.CopyColumns("Before", component.Needs[0]);
            var made = component.Make(ml).GetOutputSchema(Shapes.ShapeOf(input.Schema));
            var output = made.First(c => !input.Schema.Any(i => i.Name == c.Name)).Name;
            var fitted = before.Append(component.Make(ml)).Append(ml.Transforms.CopyColumns("After", output)).Fit(input);
            ml.Model.Save(fitted, input.Schema, Path.Combine(study.Folder, $"{component}.zip"));
            await using (var rows = File.Create(Path.Combine(study.Folder, $"{component}.idv"))) ml.Data.SaveAsBinary(input, rows);
            expected += SecondProcess.Describe(component.ToString(), fitted, input);
            Assert.Contains(component.Transformer.FullName!, expected, StringComparison.Ordinal);
        }
        var (exit, printed) = await SecondProcess.LoadModels(study.Folder);
        Assert.Equal(0, exit);
        // Component by component, so that a difference is seen.
        Assert.Equal(expected.Split("## "), printed.Split("## "));
    }
}
