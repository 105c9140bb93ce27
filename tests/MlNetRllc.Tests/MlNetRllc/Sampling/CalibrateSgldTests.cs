using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling.Calibration;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

public sealed class CalibrateSgldTests : IDisposable
{
    private static readonly CalibrationOptions Options = new()
    {
        StepSizes = [1e-4, 1e-3], NBetas = [30], Localizations = [100, 200], Sampling = TinyStudy.Options with { Draws = 12 },
    };

    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void Table_HasARowForEverySettingAndComponent_AndMarksTheRecommendedOne()
    {
        var found = Calibrate();
        var rows = ml.Data.CreateEnumerable<CalibrationTableRow>(found.Table, reuseRowObject: false).ToList();
        Assert.Equal(2 * 2 * 4, rows.Count);
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], rows.Where(r => r.Recommended).Select(r => r.Component));
        var setting = found.Recommended;
        Assert.All(rows.Where(r => r.Recommended), r =>
            Assert.Equal((setting.StepSize, setting.NBeta, setting.Localization), (r.StepSize, r.NBeta, r.Localization)));
        Assert.NotEmpty(found.Reason);
        Assert.All(rows, r => Assert.True(r.Status == "ok" == (r.StatusReason.Length == 0)));
        Assert.All(rows, r => Assert.Equal((r.StepSize * r.Localization / 4) / (1 - r.StepSize * r.Localization / 4), r.StepBias, 1e-12));
    }

    [Fact]
    public void RecommendedSetting_GivesTheTablesEstimate_InAStudy()
    {
        var found = Calibrate();
        var grid = ml.Rllc.EstimationGrid(ml.Data.TakeRows(study.Checkpoints(ml), 1), ["heads"], ["docs"]);
        var chain = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), found.Recommended).Append(ml.Rllc.EstimateRllc());
        var estimated = chain.Fit(grid).Transform(grid);
        var rows = ml.Data.CreateEnumerable<CalibrationTableRow>(found.Table, reuseRowObject: false);
        Assert.Equal(rows.Where(r => r.Recommended).Select(r => r.Rllc), estimated.GetColumn<double>("Rllc"));
    }

    [Fact]
    public void Table_CanBeKept()
    {
        var path = Path.Combine(study.Folder, "calibration.csv");
        var table = Calibrate().Table;
        ml.Rllc.SaveTable(table, path);
        Assert.Equal(table.GetColumn<double>("Rllc"), ml.Rllc.LoadTable(path).GetColumn<double>("Rllc"));
    }

    [Fact]
    public void HeatMap_ShowsARealCalibration()
    {
        var path = Path.Combine(study.Folder, "calibration.html");
        var found = Calibrate();
        found.SaveHeatMap(path);
        var page = System.Xml.Linq.XDocument.Load(path);
        Assert.Equal(found.Reason, page.Descendants("p").First().Value);
        Assert.Equal(2 * 2 * 4, page.Descendants("g").Count());
    }

    [Fact]
    public void ProbeSet_GivesEverySettingItsShareOfTheData()
    {
        var found = ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["heads"], InPairs, probe: Probe(seed: 9));
        var rows = ml.Data.CreateEnumerable<CalibrationTableRow>(found.Table, reuseRowObject: false).ToList();
        Assert.All(rows, r => Assert.True(double.IsFinite(r.DataShare) && r.DataShareStdErr > 0));
        Assert.Contains(" the data", found.Reason, StringComparison.Ordinal);
        var without = ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["heads"], InPairs).Table;
        Assert.Equal(without.GetColumn<double>("Rllc"), rows.Select(r => r.Rllc));
        Assert.All(without.GetColumn<double>("DataShare"), share => Assert.True(double.IsNaN(share)));
    }

    [Fact]
    public void ProbeSetOfChainsInNoPairs_IsRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["heads"], Options, probe: Probe(seed: 9)));
        Assert.Contains("set Antithetic in the calibration's Sampling", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProbeSetOfContextsThatAreSampled_IsRefused()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["heads"], InPairs, probe: Probe(seed: 1)));
        Assert.Contains("of the probe set 'held out' is context", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("l9h9")]
    [InlineData("+")]
    [InlineData(",+")]
    public void UnknownComponent_IsNamed(string name)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), [name], Options));
        Assert.Contains($"The component '{name}' is unknown. This model has: full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValueOutOfRange_IsRefusedBeforeTheCheckpointIsRead() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        ml.Rllc.CalibrateSgld("nowhere.safetensors", TinyStudy.Contexts(ml, 1), ["full"], Options with { NBetas = [0] }));

    private static CalibrationOptions InPairs => Options with { Sampling = Options.Sampling with { Chains = 4, Antithetic = true } };

    private ProbeSet Probe(int seed)
    {
        var tokens = TinyStudy.Contexts(ml, seed).GetColumn<int[]>("Tokens").SelectMany(context => context).ToArray();
        return new("held out", new ContextSet("held out", tokens, TinyStudy.Config.ContextLength));
    }

    private SgldCalibrationTable Calibrate() => ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["heads"], Options);
}
