using System.Xml.Linq;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;
using MlNetRllc.Runner.Tables;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Heads;

/// <summary>A score is declared once; what says it elsewhere is made of the declaration, or held to it here.</summary>
public sealed class HeadScoreSchemaTests
{
    private static IEnumerable<string> Names =>
        HeadScoreSchema.Numbers.Select(n => n.Name).Concat(HeadScoreSchema.Vectors.Select(v => v.Name));

    private static bool IsError(string name) => name.EndsWith("StdErr", StringComparison.Ordinal);

    private static string Line(string name, ScoreScope scope, string unit, string description)
    {
        var error = Names.Contains($"{name}StdErr") ? ", `...StdErr`" : "";
        return $"| `{name}`{error} | {(scope == ScoreScope.Head ? "head" : "model")} | {unit} | {description} |";
    }

    [Fact]
    public void Readme_HasTheTableOfScores()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "MlNetRllc", "README.md")).ReplaceLineEndings("\n");
        var lines = HeadScoreSchema.Numbers.Where(n => !IsError(n.Name)).Select(n => Line(n.Name, n.Scope, n.Unit, n.Description))
            .Concat(HeadScoreSchema.Vectors.Select(v => Line(v.Name, v.Scope, v.Unit, v.Description)));
        var table = $"| column | of | unit | what it is |\n|---|---|---|---|\n{string.Join('\n', lines)}\n";
        Assert.True(readme.Contains(table, StringComparison.Ordinal), $"src/MlNetRllc/README.md should hold this table:\n{table}");
    }

    [Fact]
    public void Remarks_NameEveryScore()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(RllcCatalog).Assembly.Location, ".xml"));
        var member = $"T:{typeof(HeadScoringEstimator).FullName}";
        var remarks = documentation.Descendants("member").Single(m => m.Attribute("name")!.Value == member).Value;
        Assert.All(Names.Where(name => !IsError(name)), name => Assert.Contains(name, remarks, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryScore_HasAUnitAndADescription()
    {
        Assert.All(HeadScoreSchema.Numbers, n => Assert.True(n is { Unit.Length: > 0, Description.Length: > 0 }, n.Name));
        Assert.All(HeadScoreSchema.Vectors, v => Assert.True(v is { Unit.Length: > 0, Description.Length: > 0 }, v.Name));
        Assert.Distinct(Names);
    }

    // A misspelt property would give NaN, for ever and in silence.
    [Fact]
    public void RowsOfTheCommand_AskForScoresThatThereAre()
    {
        var scores = typeof(HeadScoreRow).GetProperties()
            .Where(p => p.PropertyType == typeof(double) || p.PropertyType == typeof(double[]))
            .Where(p => p.GetIndexParameters().Length == 0);
        Assert.All(scores, p => Assert.Contains(p.Name, Names));
    }

    [Fact]
    public void NamesOfColumns_AreTheirConstants() =>
        Assert.All(typeof(RllcColumns).GetFields(), field => Assert.Equal(field.Name, field.GetRawConstantValue()));
}
