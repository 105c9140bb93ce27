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
        Assert.Equal(classes.Select(c => c.Name).Order(StringComparer.Ordinal), StepKinds.All.Select(k => k.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesAndComponents_TellKindsApart()
    {
        Assert.Equal(StepKinds.All.Count, StepKinds.All.Select(k => k.Name).Distinct().Count());
        Assert.Equal(StepKinds.All.Count, StepKinds.All.Select(k => k.Component).Distinct().Count());
    }

    [Fact]
    public void EveryStepThatAnInputWants_IsGivenBySomeKind() =>
        Assert.All(StepKinds.All.SelectMany(k => k.Inputs).Where(i => i.Type == InputType.Step), input => Assert.Contains(StepKinds.All, input.Takes));

    [Fact]
    public void ContentFolders_HaveOneOwnerEach() =>
        Assert.Equal(StepKinds.ContentFolders.Count, StepKinds.ContentFolders.Select(c => c.Name).Distinct().Count());

    // The list is asked, or the class: a table of names elsewhere would have to be kept up.
    [Fact]
    public void NameOfAKind_IsComparedWithNowhere()
    {
        var names = string.Join('|', StepKinds.All.SelectMany(k => new[] { k.Name, k.Component }).Select(Regex.Escape));
        var comparison = new Regex($@"(Kind|Component)(\.Name|\.Component)?\s*(==|!=|is)\s*""|""({names})""\s*=>|(case|==|!=) ""({names})""");
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MlNetRllc.Runner"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        Assert.Empty(sources.SelectMany(f => File.ReadLines(f).Where(line => comparison.IsMatch(line)).Select(line => $"{Path.GetFileName(f)}: {line.Trim()}")));
    }
}
