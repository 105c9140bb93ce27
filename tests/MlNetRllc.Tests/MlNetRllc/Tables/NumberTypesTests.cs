using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Tables;

/// <summary>Components take numbers of the types in which other programs write them.</summary>
public sealed class NumberTypesTests
{
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Clusters_AreTheSame_FromStepsAndCoefficientsOfOtherTypes()
    {
        var exact = Clustered(Rows((s, c, r) => new Row<int, double> { Step = s, Component = c, Rllc = r }));
        Assert.Equal(exact, Clustered(Rows((s, c, r) => new Row<long, double> { Step = s, Component = c, Rllc = r })));
        Assert.Equal(exact, Clustered(Rows((s, c, r) => new Row<double, float> { Step = s, Component = c, Rllc = (float)r })));
        Assert.Equal(exact, Clustered(Rows((s, c, r) => new Row<short, int> { Step = (short)s, Component = c, Rllc = (int)r })));
        Assert.Equal(exact, Clustered(Rows((s, c, r) => new Row<ulong, long> { Step = (ulong)s, Component = c, Rllc = (long)r })));
    }

    [Fact]
    public void Stages_AreTheSame_FromStepsOfInt64()
    {
        var whole = Rows((s, c, r) => new Row<int, double> { Step = s, Component = c, Rllc = r });
        var wide = Rows((s, c, r) => new Row<long, float> { Step = s, Component = c, Rllc = (float)r });
        Assert.Equal(RowDump.Of(ml.Rllc.FindStages(whole, component: "l0h0")), RowDump.Of(ml.Rllc.FindStages(wide, component: "l0h0")));
    }

    [Theory]
    [InlineData(1.5, "1.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(3e9, "3000000000")]
    public void StepThatIsNoWholeNumber_IsRefused_ByRow(double step, string said)
    {
        var rows = ml.Data.LoadFromEnumerable(new[] { 0, step }
            .Select(s => new Row<double, double> { Step = s, Component = "l0h0" }).ToList());
        var message = Assert.Throws<InvalidOperationException>(() => ml.Rllc.ClusterTrajectories(1).Fit(rows)).Message;
        Assert.Contains($"Row 1: the column 'Step' holds {said}; a whole number", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimates_AreTheSame_FromListsOfSingle()
    {
        // Losses that a Single holds exactly.
        double[] baseline = [.. Enumerable.Range(0, 64).Select(i => 2 + i % 4 / 8.0)];
        double[] losses = [.. Enumerable.Range(0, 128).Select(i => baseline[i % 64] + (1 + i % 7) / 64.0)];
        var doubles = new Trace<double> { Losses = losses, BaselineLosses = baseline, MalaAcceptance = [1, 1], NBeta = 30 };
        var singles = new Trace<float>
        {
            Losses = [.. losses.Select(l => (float)l)], BaselineLosses = [.. baseline.Select(l => (float)l)],
            MalaAcceptance = [1, 1], NBeta = 30,
        };
        var estimate = Estimate(doubles);
        Assert.Equal(estimate, Estimate(singles));
        // The mean of (1 + i % 7) / 64 over the draws, times nbeta.
        Assert.Equal(30 * Enumerable.Range(0, 128).Average(i => (1 + i % 7) / 64.0), estimate, 1e-12);
    }

    [Fact]
    public void Tokens_AreRead_FromListsOfInt64()
    {
        var tokens = TinyStudy.Contexts(ml, 1).GetColumn<int[]>("Tokens").ToList();
        var wide = ml.Data.LoadFromEnumerable(tokens.Select(t => new Context { Tokens = [.. t.Select(i => (long)i)] }).ToList());
        var read = ContextTables.Read(wide, "docs");
        Assert.Equal(tokens, Enumerable.Range(0, read.Count).Select(i => read[i].ToArray()));
    }

    private double Estimate<T>(Trace<T> trace) where T : struct
    {
        var rows = ml.Data.LoadFromEnumerable([trace]);
        return ml.Rllc.EstimateRllc().Fit(rows).Transform(rows).GetColumn<double>("Rllc").Single();
    }

    private List<uint> Clustered(IDataView table) =>
        [.. ml.Rllc.ClusterTrajectories(2).Fit(table).Transform(table).GetColumn<uint>("Cluster")];

    private IDataView Rows<TRow>(Func<int, string, double, TRow> row) where TRow : class => ml.Data.LoadFromEnumerable(
        (from step in Enumerable.Range(0, 5)
         from head in new[] { "l0h0", "l0h1", "l1h0", "l1h1" }
         select row(step, head, head[1] == '0' ? 4 * step + head[3] - '0' : 40 - step * step + head[3] - '0')).ToList());

    private sealed class Row<TStep, TRllc>
    {
        public TStep Step { get; set; } = default!;

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "docs";

        public TRllc Rllc { get; set; } = default!;
    }

    private sealed class Trace<T>
    {
        [VectorType(128)]
        public T[] Losses { get; set; } = [];

        [VectorType(64)]
        public T[] BaselineLosses { get; set; } = [];

        [VectorType(2)]
        public T[] MalaAcceptance { get; set; } = [];

        public int NBeta { get; set; }
    }

    private sealed class Context
    {
        [VectorType(8)]
        public long[] Tokens { get; set; } = [];
    }
}
