using Microsoft.ML;

namespace MlNetRllc.Tests.Estimation;

public sealed class FindStagesTests
{
    // 40 checkpoints evenly apart in log step; two rises, at steps 50 and 8,000, with a rest at 10 between them.
    private static readonly int[] Steps = [.. Enumerable.Range(0, 40).Select(i => (int)Math.Round(10 * Math.Pow(10, 4.0 * i / 39)))];

    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void RestBetweenTwoRises_PartsTrainingInTwo()
    {
        var stages = Stages(Rows("full", "docs", TwoRises));
        Assert.Equal([1, 2], stages.Select(s => s.Number));
        Assert.Equal((Steps[0], Steps[^1]), (stages[0].From, stages[1].To));
        Assert.Equal(stages[0].To, stages[1].From);
        Assert.InRange(stages[0].To, 150, 2500);
        Assert.Equal(10, stages[0].Level, 0.5);
        Assert.True(double.IsNaN(stages[1].Level));
    }

    [Fact]
    public void EstimatesWithErrors_TheEndHasAnIntervalAroundIt()
    {
        var stages = Stages([.. Rows("full", "docs", TwoRises).Select(row => row with { RllcStdErr = 0.2 })]);
        Assert.InRange(stages[0].To, stages[0].ToLow, stages[0].ToHigh);
        Assert.True(stages[0].ToLow < stages[0].ToHigh);
        Assert.InRange(stages[0].ToFound, 0.9, 1);
        Assert.True(double.IsNaN(stages[1].ToLow) && double.IsNaN(stages[1].ToFound));
    }

    [Fact]
    public void EstimatesWithoutErrors_EndsHaveNone() =>
        Assert.All(Stages(Rows("full", "docs", TwoRises)), stage => Assert.True(double.IsNaN(stage.ToLow) && double.IsNaN(stage.ToHigh)));

    [Fact]
    public void OrderOfRows_DoesNotMatter()
    {
        var rows = Rows("full", "docs", TwoRises);
        Assert.Equal(Stages(rows).Select(s => s.To), Stages([.. rows.Reverse()]).Select(s => s.To));
    }

    [Fact]
    public void OtherComponentsAndDatasets_CountForNothing()
    {
        Row[] rows = [.. Rows("full", "docs", TwoRises), .. Rows("full", "code", Math.Log), .. Rows("l0h0", "docs", Math.Log)];
        Assert.Equal(2, Stages(rows).Count);
        Assert.Single(Stages(rows, dataset: "code"));
        Assert.Single(Stages(rows, component: "l0h0"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void SeriesTooShortToRest_IsOneStage(int checkpoints)
    {
        var stage = Assert.Single(Stages([.. Rows("full", "docs", TwoRises).Take(checkpoints)]));
        Assert.Equal((Steps[0], Steps[checkpoints - 1]), (stage.From, stage.To));
    }

    [Fact]
    public void MissingEstimates_AreGaps()
    {
        static Row Gapped(Row row, int i) => i % 6 == 0 ? row with { Rllc = double.NaN } : row;
        Assert.Equal(2, Stages([.. Rows("full", "docs", TwoRises).Select(Gapped)]).Count);
    }

    [Fact]
    public void ComponentThatWasNotSampled_IsNamedBesideThoseThatWere()
    {
        var error = Assert.Throws<ArgumentException>(() => Stages(Rows("l0h0", "docs", TwoRises)));
        Assert.Contains("no 'full' on 'docs'; there are: l0h0 on docs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepThatAppearsTwice_IsRefused()
    {
        var rows = Rows("full", "docs", TwoRises);
        var error = Assert.Throws<ArgumentException>(() => Stages([.. rows, rows[7]]));
        Assert.Contains($"step {Steps[7]} of full on 'docs' appears twice", error.Message, StringComparison.Ordinal);
    }

    private static double TwoRises(double step) => 10 * Rise(Math.Log(step) - Math.Log(50)) + 20 * Rise(Math.Log(step) - Math.Log(8000));

    private static double Rise(double x) => 1 / (1 + Math.Exp(-4 * x));

    private static Row[] Rows(string component, string dataset, Func<double, double> curve) =>
        [.. Steps.Select(step => new Row { Step = step, Component = component, Dataset = dataset, Rllc = curve(step) })];

    private List<Stage> Stages(Row[] rows, string component = "full", string? dataset = null)
    {
        var stages = ml.Rllc.FindStages(ml.Data.LoadFromEnumerable(rows), component: component, dataset: dataset);
        return [.. ml.Data.CreateEnumerable<Stage>(stages, reuseRowObject: false)];
    }

    private sealed record Row
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public double Rllc { get; set; }

        public double RllcStdErr { get; set; } = double.NaN;
    }

    private sealed class Stage
    {
        [Microsoft.ML.Data.ColumnName("Stage")]
        public int Number { get; set; }

        public int From { get; set; }

        public int To { get; set; }

        public double Level { get; set; }

        public double ToLow { get; set; }

        public double ToHigh { get; set; }

        public double ToFound { get; set; }
    }
}
