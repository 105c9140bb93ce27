using CsCheck;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Tests.Core.Sampling;

public sealed class MinibatchScheduleTests
{
    private static readonly Gen<(int Rows, int Batch, int Seed, long Step)> Shapes =
        Gen
            .Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 1000], Gen.Long[0, 1L << 40])
            .Where((rows, batch, _, _) => batch <= rows);

    [Fact]
    public void Minibatch_HasDistinctRowsOfTheDataset() => Shapes.ForAll((rows, batch, seed, step) =>
    {
        var chosen = Of(seed, rows, batch).RowsAt(step);
        Assert.Equal(batch, chosen.Distinct().Count());
        Assert.All(chosen, row => Assert.InRange(row, 0, rows - 1));
    }, cases: 300);

    [Fact]
    public void Minibatch_IsAFunctionOfTheStepAlone() => Shapes.ForAll((rows, batch, seed, step) =>
    {
        var (fresh, used) = (Of(seed, rows, batch), Of(seed, rows, batch));
        foreach (var other in (long[])[step + 5, 0, step + 1]) used.RowsAt(other);
        Assert.Equal(fresh.RowsAt(step), used.RowsAt(step));
    }, cases: 100);

    [Theory]
    [InlineData(10, 4)]
    [InlineData(7, 7)]
    [InlineData(30, 1)]
    public void OverManySteps_RowsAndPairsOfRowsAreEquallyFrequent(int rows, int batch)
    {
        const int steps = 40_000;
        var schedule = Of(1, rows, batch);
        var (single, pair) = (new int[rows], 0);
        for (var step = 0; step < steps; step++)
        {
            var chosen = schedule.RowsAt(step);
            foreach (var row in chosen) single[row]++;
            if (chosen.Contains(0) && chosen.Contains(rows - 1)) pair++;
        }
        AssertShare((double)batch / rows, single.Select(n => n / (double)steps));
        AssertShare(batch * (batch - 1.0) / (rows * (rows - 1.0)), [pair / (double)steps]);

        static void AssertShare(double expected, IEnumerable<double> shares) =>
            Assert.All(shares, share => Assert.Equal(expected, share, 5 * Math.Sqrt(expected * (1 - expected) / steps) + 1e-12));
    }

    [Fact]
    public void SuccessiveMinibatches_AreIndependent()
    {
        const int steps = 40_000;
        var schedule = Of(2, 20, 5);
        var both = Enumerable.Range(0, steps).Count(step => schedule.RowsAt(step).Contains(3) && schedule.RowsAt(step + 1).Contains(3));
        Assert.Equal(1 / 16.0, both / (double)steps, 5 * Math.Sqrt(1 / 16.0 / steps));
    }

    [Fact]
    public void FewerRowsThanAMinibatch_AreRefusedWithBothNumbers() =>
        Assert.Matches("3 rows.*minibatch of 4", Assert.Throws<ArgumentException>(() => Of(1, 3, 4)).Message);

    private static MinibatchSchedule Of(int seed, int rows, int batch) =>
        new(NamedRandom.Stream(seed, "rows"), rows, batch);
}
