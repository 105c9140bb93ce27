using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Tests.Testing;

public sealed class TestHelpersTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void KnownTraces_AreEstimatedAsTheyWereMade()
    {
        KnownRow[] rows = [new(0, "l0h0", "docs", 2), new(10, "l0h0", "docs", 5), new(10, "l0h1", "code", -1)];
        var grid = KnownTraces.Grid(ml, rows);
        var result = ml.Rllc.EstimateRllc().Fit(grid).Transform(grid);
        Assert.All(rows.Zip(result.GetColumn<double>("Rllc"), result.GetColumn<double>("RllcStdErr")), row =>
            Assert.InRange(row.Second - row.First.Rllc, -5 * row.Third, 5 * row.Third));
        Assert.Equal(["ok", "ok", "negative"], result.GetColumn<string>("Status"));
    }

    [Fact]
    public void ComponentCheck_PassesAComponentThatKeepsItsPromise() =>
        ComponentCheck.Run(ml, ml.Rllc.EstimateRllc(), KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2)]));

    [Fact]
    public void ComponentCheck_CatchesRowsThatDoNotRepeat()
    {
        var calls = 0;
        var restless = ml.Transforms.CustomMapping<Number, Number>((from, to) => to.Step = from.Step + calls++, contractName: null);
        var grid = KnownTraces.Grid(ml, [new(0, "l0h0", "docs", 2)]);
        var error = Assert.Throws<ComponentCheckException>(() => ComponentCheck.Run(ml, restless, grid));
        Assert.Contains("A second cursor gives other rows", error.Message, StringComparison.Ordinal);
    }

    private sealed class Number
    {
        public int Step { get; set; }
    }
}
