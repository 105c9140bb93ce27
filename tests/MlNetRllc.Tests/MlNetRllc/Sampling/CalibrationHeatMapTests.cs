using System.Xml.Linq;
using CsCheck;
using Microsoft.ML;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Sampling;
using MlNetRllc.Sampling.HeatMap;

namespace MlNetRllc.Tests.Sampling;

public sealed class CalibrationHeatMapTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-heat-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Page_HasACellForEverySettingAndComponent()
    {
        var page = Page(Rows());
        Assert.Equal(Rows().Count, Cells(page).Count);
        foreach (var row in Rows())
        {
            var setting = $"step size {HeatMapCell.Short(row.StepSize)}, nbeta {row.NBeta}, localization {row.Localization}";
            Assert.Single(Cells(page), c => Title(c).StartsWith($"{row.Component}: {setting}.", StringComparison.Ordinal));
        }
        Assert.Equal(["l0h0", "l1h1"], page.Descendants("h2").Select(h => h.Value));
        Assert.Equal(["nβ = 10", "nβ = 30", "nβ = 10", "nβ = 30"], page.Descendants("h3").Select(h => h.Value));
    }

    [Fact]
    public void Cell_ShowsEstimateErrorAndAcceptance()
    {
        var cell = Cells(Page([Row("l0h0", 1e-3, 30, 200) with { Rllc = 12.3456, RllcStdErr = 0.234, Acceptance = 0.914 }]))[0];
        Assert.Equal(["12.35", "± 0.23", "acc 0.91"], Lines(cell));
    }

    [Fact]
    public void RecommendedSetting_IsOutlined_AndNoOther()
    {
        var outlined = Cells(Page(Rows())).Where(c => c.Elements("rect").Any(r => (string?)r.Attribute("class") == "outline")).ToList();
        Assert.Equal(2, outlined.Count);
        Assert.All(outlined, c => Assert.Contains("step size 0.001, nbeta 30, localization 200", Title(c), StringComparison.Ordinal));
    }

    [Fact]
    public void SettingThatIsNotOk_IsHatched_AndSaysWhy()
    {
        var unconverged = Row("l0h0", 3e-3, 30, 200) with { Status = "not-converged", StatusReason = "R-hat is 1.7." };
        var page = Page([Row("l0h0", 1e-3, 30, 200), unconverged]);
        var hatched = Assert.Single(Cells(page), c => c.Elements("rect").Any(r => (string?)r.Attribute("fill") == "url(#hatch)"));
        Assert.Contains("not-converged", Lines(hatched));
        Assert.Contains("not-converged: R-hat is 1.7.", Title(hatched), StringComparison.Ordinal);
    }

    [Fact]
    public void SettingWithoutNumbers_IsHatched_AndTheOthersKeepTheirColours()
    {
        var lost = Row("l0h0", 3e-3, 30, 200) with
        {
            Rllc = double.NaN, RllcStdErr = double.NaN, Acceptance = double.NaN, Status = "diverged",
        };
        var page = Page([Row("l0h0", 1e-4, 30, 200) with { Rllc = 1 }, Row("l0h0", 1e-3, 30, 200) with { Rllc = 2 }, lost]);
        Assert.Equal(["#440154", "#fde725", "url(#hatch)"], Cells(page).Select(c => (string?)c.Elements("rect").First().Attribute("fill")));
        Assert.Equal(["–", "± –", "acc –", "diverged"], Lines(Cells(page)[2]));
        Assert.Contains("No setting gives a finite estimate.", Page([lost]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_FetchesNothing()
    {
        Page(Rows());
        var text = File.ReadAllText(Path.Combine(folder, "map.html"));
        foreach (var reference in (string[])["http", "src=", "href", "@import", "<script", "<link"])
            Assert.DoesNotContain(reference, text, StringComparison.OrdinalIgnoreCase);
        Assert.All(text.Split("url(").Skip(1), rest => Assert.StartsWith("#", rest, StringComparison.Ordinal));
        Assert.StartsWith("<!DOCTYPE html", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_AreEscaped()
    {
        var row = Row("<b>&\u0001", 1e-3, 30, 200) with { Status = "failed", StatusReason = "a < b & \"c\"" };
        var page = Page([row], reason: "<script>alert(1)</script>");
        Assert.Equal("<script>alert(1)</script>", page.Descendants("p").First().Value);
        Assert.Equal("<b>&", page.Descendants("h2").Single().Value);
        Assert.Contains("a < b & \"c\"", Title(Cells(page)[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsAFile_LeavesNothing()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "kept");
        Assert.ThrowsAny<IOException>(() => Table(Rows(), "why").SaveHeatMap(Path.Combine(file, "map.html")));
        Assert.Equal("kept", File.ReadAllText(Assert.Single(Directory.GetFiles(folder))));
    }

    [Fact]
    public void Colours_GrowLighterWithTheValue_AndTheirInkCanBeRead() => Gen.Double[0, 1].Select(Gen.Double[0, 1]).ForAll((a, b) =>
    {
        var scale = new ColourScale(0, 1);
        var (low, high) = (ColourScale.Luminance(scale.At(Math.Min(a, b))), ColourScale.Luminance(scale.At(Math.Max(a, b))));
        Assert.True(low <= high + 0.004, $"{a} and {b}: {low}, {high}");
        var lifted = ColourScale.Luminance(scale.At(a)) + 0.05;
        var contrast = ColourScale.Ink(scale.At(a)) == "#000" ? lifted / 0.05 : 1.05 / lifted;
        Assert.InRange(contrast, 4.5, 21);
    });

    private static List<Setting> Rows() =>
        [
            .. from nbeta in (double[])[10, 30]
               from pull in (double[])[50, 200]
               from step in (double[])[1e-4, 3e-4, 1e-3, 3e-3]
               from component in (string[])["l0h0", "l1h1"]
               select Row(component, step, nbeta, pull) with { Recommended = (step, nbeta, pull) == (1e-3, 30, 200) },
        ];

    private static Setting Row(string component, double step, double nbeta, double pull) =>
        new(component, step, nbeta, pull, 5 + 1000 * step, 0.3, 0.9, "ok", "", false);

    private XDocument Page(IReadOnlyList<Setting> rows, string reason = "It is level.")
    {
        var path = Path.Combine(folder, "map.html");
        Table(rows, reason).SaveHeatMap(path);
        return XDocument.Parse(File.ReadAllText(path));
    }

    private static SgldCalibrationTable Table(IReadOnlyList<Setting> rows, string reason) =>
        new(new MLContext().Data.LoadFromEnumerable(rows.Select(r => r.ToRow()).ToList()), new SgldOptions(), reason);

    private static List<XElement> Cells(XDocument page) =>
        [.. page.Descendants("g").Where(g => ((string?)g.Attribute("class"))?.StartsWith("cell", StringComparison.Ordinal) == true)];

    private static string Title(XElement cell) => cell.Element("title")!.Value;

    private static IEnumerable<string> Lines(XElement cell) => cell.Elements("text").Select(t => t.Value);

    private sealed record Setting(
        string Component,
        double StepSize, double NBeta, double Localization,
        double Rllc, double RllcStdErr, double Acceptance,
        string Status, string StatusReason, bool Recommended)
    {
        public CalibrationTableRow ToRow() => new()
        {
            Component = Component, StepSize = StepSize, NBeta = NBeta, Localization = Localization,
            Rllc = Rllc, RllcStdErr = RllcStdErr, Acceptance = Acceptance,
            Drift = 0.1, NegativeShare = 0.01, Spike = 1.1, Sensitivity = double.NaN,
            Status = Status, StatusReason = StatusReason, Recommended = Recommended,
        };
    }
}
