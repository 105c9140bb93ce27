using System.Reflection;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Heads;
using MlNetRllc.Foundation;
using MlNetRllc.Grid;
using MlNetRllc.Heads;

namespace MlNetRllc.Tests.Documentation;

/// <summary>Who reads a row knows of each number what it is and what it is measured in.</summary>
public sealed partial class RowDocumentationTests
{
    [Fact]
    public void EveryProperty_HasASummary() => None(Properties().Where(p => p.Summary.Length < 5));

    [Fact]
    public void EveryMeasuredNumber_NamesItsUnit() => None(Numbers().Where(p => !Unit().IsMatch(p.Summary)));

    [Fact]
    public void EverySeriesOfNumbers_NamesItsShape() =>
        None(Numbers().Where(p => RowTypes.IsSeries(p.Property) && !Shape().IsMatch(p.Summary)));

    [Fact]
    public void EveryScore_NamesTheUnitOfTheSchema()
    {
        var (core, components) = (new Docstrings(typeof(HeadScore).Assembly), new Docstrings(typeof(RllcColumns).Assembly));
        Assert.All(Scores(), score =>
        {
            Assert.Contains(score.Unit, components.SummaryOf(typeof(RllcColumns).GetField(score.Name)!), StringComparison.Ordinal);
            if (PropertyOf(score.Name) is { } property) Assert.Contains(score.Unit, core.SummaryOf(property), StringComparison.Ordinal);
        });
        Assert.InRange(Scores().Count(s => PropertyOf(s.Name) is not null), 15, 100);
    }

    [Fact]
    public void RowTypes_AreFound()
    {
        var found = RowTypes.Assemblies.SelectMany(RowTypes.Of).ToList();
        Assert.All([typeof(GridRow), typeof(RllcEstimate), typeof(Measured), typeof(LossTrace)], row => Assert.Contains(row, found));
        Assert.DoesNotContain(typeof(EstimationOptions), found);
    }

    private static void None(IEnumerable<(PropertyInfo Property, string Name, string Summary)> wanting)
    {
        var lines = wanting.Select(p => $"{p.Name}: {p.Summary}").ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    private static IEnumerable<(string Name, string Unit)> Scores() => HeadScoreSchema.Numbers.Select(s => (s.Name, s.Unit))
        .Concat(HeadScoreSchema.Vectors.Select(s => (s.Name, s.Unit))).Where(s => typeof(RllcColumns).GetField(s.Name) is not null);

    private static PropertyInfo? PropertyOf(string score) => typeof(HeadScore).GetProperty(score)
        ?? typeof(ModelScore).GetProperty(score.StartsWith("Model", StringComparison.Ordinal) ? score["Model".Length..] : score);

    private static IEnumerable<(PropertyInfo Property, string Name, string Summary)> Numbers() =>
        Properties().Where(p => RowTypes.IsMeasured(p.Property));

    private static IEnumerable<(PropertyInfo Property, string Name, string Summary)> Properties() =>
        from assembly in RowTypes.Assemblies
        let written = new Docstrings(assembly)
        from type in RowTypes.Of(assembly)
        from property in RowTypes.PropertiesOf(type)
        select (property, $"{type.Name}.{property.Name}", written.SummaryOf(property));

    [GeneratedRegex(@"\bnats\b|[dD]imensionless|-?\d to 1\b|\b[sS]hare\b|[tT]raining step|\bin draws\b|\bseconds\b|\bbytes\b|\bper\b"
        + @"|\bin the unit of\b|\bin (its|(squared )?units of)\b|\bas a multiple of\b|\bz-score\b")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\[[^\]]+\]")]
    private static partial Regex Shape();
}
