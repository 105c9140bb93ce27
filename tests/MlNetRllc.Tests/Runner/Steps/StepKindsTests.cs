using System.Text.RegularExpressions;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Steps;

/// <summary>A kind of step is one class in one list; nothing else asks what a kind is called.</summary>
public sealed class StepKindsTests
{
    [Fact]
    public void List_HoldsEveryKindOnce()
    {
        var classes = typeof(StepKind).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(StepKind)) && !t.IsAbstract);
        var listed = StepKinds.All.Select(k => k.GetType().Name);
        Assert.Equal(classes.Select(c => c.Name).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesAndComponents_TellKindsApart()
    {
        Assert.Equal(StepKinds.All.Count, StepKinds.All.Select(k => k.Name).Distinct().Count());
        Assert.Equal(StepKinds.All.Count, StepKinds.All.Select(k => k.Component).Distinct().Count());
    }

    [Fact]
    public void EveryStepThatAnInputWants_IsGivenBySomeKind()
    {
        var steps = StepKinds.All.SelectMany(k => k.Inputs).Where(i => i.Type == InputType.Step);
        Assert.All(steps, input => Assert.Contains(StepKinds.All, input.Takes));
    }

    [Fact]
    public void ContentFolders_HaveOneOwnerEach() =>
        Assert.Equal(StepKinds.ContentFolders.Count, StepKinds.ContentFolders.Select(c => c.Name).Distinct().Count());

    // The list is asked, or the class: a table of names elsewhere would have to be kept up.
    [Fact]
    public void NameOfAKind_IsComparedWithNowhere()
    {
        var names = string.Join('|', StepKinds.All.SelectMany(k => new[] { k.Name, k.Component }).Select(Regex.Escape));
        const string property = @"(Kind|Component)(\.Name|\.Component)?\s*(==|!=|is)\s*""";
        var comparison = new Regex($@"{property}|""({names})""\s*=>|(case|==|!=) ""({names})""");
        var runner = Path.Combine(Repository.Root, "src", "MlNetRllc.Runner");
        var sources = Directory.EnumerateFiles(runner, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var found = sources.SelectMany(f => File.ReadLines(f).Select(line => (File: f, Line: line)))
            .Where(l => comparison.IsMatch(l.Line));
        Assert.Empty(found.Select(l => $"{Path.GetFileName(l.File)}: {l.Line.Trim()}"));
    }
}
