#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Unit tests of a component of one's own, with the library's helpers: no training, no download, a tenth of a second a test.
// The component marks heads whose rLLC differs from zero. Run: dotnet run pipelines/unit-test.cs
// In a test project the same lines stand in xunit or MSTest methods.
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;
using MlNetRllc.Testing;

var ml = new MLContext(seed: 1);
var tests = new (string Name, Action Body)[]
{
    // Rows of which the right rLLC is known: what a component makes of estimates is tested without sampling.
    ("A clear rLLC is marked, one near zero is not", () =>
    {
        var grid = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2.0), new(0, "l0h1", "docs", 0.0)], noise: 0.5);
        Equal([true, false], Marks(Chain().Fit(grid).Transform(grid)));
    }),
    ("More noise marks fewer heads", () =>
    {
        var noisy = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 0.5)], noise: 20);
        Equal([false], Marks(Chain().Fit(noisy).Transform(noisy)));
    }),
    // What ML.NET expects of any component: the promised schema, rows that repeat, a model file that loads.
    ("The component keeps ML.NET's promises", () => ComponentCheck.Run(ml, Mark(), EstimatedGrid())),
    // The whole chain on a tiny deterministic model, sampled for real.
    ("It runs behind the sampler", () =>
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        var result = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Append(Chain()).Fit(grid).Transform(grid);
        Equal([16], [Marks(result).Count()]);
    }),
};

var failed = 0;
foreach (var (name, body) in tests)
{
    try
    {
        body();
        Console.WriteLine($"passed: {name}");
    }
    catch (Exception e)
    {
        failed++;
        Console.WriteLine($"FAILED: {name}: {e.Message}");
    }
}
Console.WriteLine($"{tests.Length - failed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

// The component under test: a stock ML.NET expression, so that it can be saved and loaded like any other.
IEstimator<ITransformer> Mark() => ml.Transforms.Expression("Differs", "(r, e) : abs(r) > 3 * e", "Rllc", "RllcStdErr");

IEstimator<ITransformer> Chain() => ml.Rllc.EstimateRllc().Append(Mark());

IDataView EstimatedGrid()
{
    var grid = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2.0), new(0, "l0h1", "docs", 0.0)]);
    return ml.Rllc.EstimateRllc().Fit(grid).Transform(grid);
}

static IEnumerable<bool> Marks(IDataView rows) => rows.GetColumn<bool>("Differs");

static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> found)
{
    if (!expected.SequenceEqual(found))
        throw new InvalidOperationException($"expected {string.Join(", ", expected)}; found {string.Join(", ", found)}");
}
