using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class MatrixReaderTests
{
    private const string Good = """
        version: 1
        name: study
        datasets: { docs: dotnet-docs }
        matrix:
          seed: [1, 2]
          steps.model.train.steps: [100, 200]
          exclude: [{ seed: 2, model.steps: 100 }]
          include: [{ seed: 3, traces.draws: 9 }]
        steps:
          contexts:
            tokenize: { text: docs }
          model:
            train: { contexts: contexts, steps: 50 }
          traces:
            sample: { model: model, components: heads, datasets: docs }
        """;

    [Fact]
    public void Combinations_AreTheProduct_LessTheExcluded_AndTheIncluded()
    {
        var matrix = Read(Good);
        Assert.Equal(["seed", "model.steps", "traces.draws"], matrix.Axes);
        Assert.Equal(
            ["seed-1_model.steps-100", "seed-1_model.steps-200", "seed-2_model.steps-200", "seed-3_traces.draws-9"],
            matrix.Cells.Select(c => c.Name));
        var trainings = matrix.Cells.Select(c => c.Pipeline.Steps[1].Get<TrainingOptions>());
        Assert.Equal([(1, 100), (1, 200), (2, 200), (3, 50)], trainings.Select(t => (t.Seed, t.Steps)));
        Assert.Equal(9, matrix.Cells[3].Pipeline.Steps[2].Get<SgldOptions>().Draws);
        var values = matrix.Cells[3].Values;
        Assert.Equal(("3", "50", "9"), (values["seed"], values["model.steps"], values["traces.draws"]));
    }

    [Fact]
    public void FileWithoutMatrix_IsOneCombinationOfNoName()
    {
        var matrix = Read(WithoutMatrix());
        Assert.False(matrix.IsSweep);
        Assert.Equal("study", Assert.Single(matrix.Cells).Pipeline.Name);
    }

    [Theory]
    [InlineData("seed: [1, 2]", "sede: [1, 2]", "p.yaml:5:3: 'sede' cannot be an axis")]
    [InlineData("seed: [1, 2]", "modle.layers: [1, 2]", "p.yaml:5:18: the axis 'modle.layers': there is no 'modle'. Did you mean 'model'?")]
    [InlineData("seed: [1, 2]", "model.layerz: [1, 2]", "a train step has no key 'layerz'. Did you mean 'layers'?")]
    [InlineData("seed: [1, 2]", "seed: [1, x]", "p.yaml:5:13: seed is 'x'; it must be a whole number.")]
    [InlineData("seed: [1, 2]", "seed: [1, 1]", "p.yaml:5:13: the axis 'seed' has the value 1 twice.")]
    [InlineData("seed: [1, 2]", "seed: 1", "p.yaml:5:9: the axis 'seed' needs a list of values")]
    [InlineData("seed: [1, 2]", "name: [a, b]", "p.yaml:5:3: 'name' cannot be an axis")]
    [InlineData("{ seed: 2, model.steps: 100 }", "{ seed: 7 }", "p.yaml:7:13: this excludes no combination")]
    [InlineData("{ seed: 2, model.steps: 100 }", "{ sede: 1 }", "p.yaml:7:15: 'sede' cannot be an axis; an axis is seed")]
    [InlineData("{ seed: 2, model.steps: 100 }", "{ model.layers: 1 }", "p.yaml:7:13: 'model.layers' is no axis.")]
    [InlineData("[{ seed: 2, model.steps: 100 }]", "[{ seed: 1 }, { seed: 2 }]", "study")]
    [InlineData("{ seed: 3, traces.draws: 9 }", "{ seed: 1, model.steps: 100 }",
        "p.yaml:5:3: the combination seed-1_model.steps-100 is there twice.")]
    public void MistakeInTheMatrix_IsSaidWithItsPlace(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var changed = Good.Replace(from, to, StringComparison.Ordinal);
        // What is excluded names the axis that is changed.
        if (from.StartsWith("seed", StringComparison.Ordinal))
            changed = changed.Replace("  exclude: [{ seed: 2, model.steps: 100 }]\n", "", StringComparison.Ordinal);
        if (expected == "study") Assert.Equal("seed-3_traces.draws-9", Assert.Single(Read(changed).Cells).Name);
        else Assert.Contains(expected, Assert.Throws<PipelineException>(() => Read(changed)).Located, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreCombinationsThanAnyoneRuns_AreRefused_BeforeTheyAreMade()
    {
        var axes = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"  model.a{i}: [1, 2, 3, 4]"));
        var error = Assert.Throws<PipelineException>(() => Read(Good.Replace("  seed: [1, 2]", axes, StringComparison.Ordinal)));
        Assert.Contains("more than 10,000 combinations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AssignmentToAnAxis_IsRefused_WithWhatToWrite_AndTheAxisCanBeSet()
    {
        var error = Assert.Throws<PipelineException>(() => Read(Good, "seed=5"));
        Assert.Contains("--set matrix.seed=[5]", error.Message, StringComparison.Ordinal);
        var whole = Good.Replace("  exclude: [{ seed: 2, model.steps: 100 }]\n", "", StringComparison.Ordinal);
        var matrix = Read(whole, "matrix.seed=[5]", "model.layers=3");
        Assert.Equal([5, 5, 3], matrix.Cells.Select(c => c.Pipeline.Seed));
    }

    [Theory]
    [InlineData("seed: [1_000, 1e3]", "p.yaml:5:17: the axis 'seed' has the value")]
    [InlineData("model.learningRate: [0.001, 1e-3]", "p.yaml:5:31: the axis 'model.learningRate' has the value")]
    public void OneNumberWrittenTwoWays_IsOneValue(string axis, string expected)
    {
        var text = Good.Replace("  exclude: [{ seed: 2, model.steps: 100 }]\n", "", StringComparison.Ordinal)
            .Replace("seed: [1, 2]", axis, StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<PipelineException>(() => Read(text)).Located, StringComparison.Ordinal);
        var spelled = Good.Replace("seed: [1, 2]", "seed: [1, 0_2]", StringComparison.Ordinal);
        Assert.Equal(3, Read(spelled).Cells.Count(c => c.Pipeline.Seed < 3));
    }

    [Fact]
    public void MatrixGivenWhole_IsAMapping_AndItsMistakesNameTheArgument()
    {
        var plain = WithoutMatrix();
        Assert.Equal([1, 2, 3], Read(plain, "matrix={seed: [1, 2, 3]}").Cells.Select(c => c.Pipeline.Seed));
        Assert.Equal("--set matrix={seed: [1, x]}: seed is 'x'; it must be a whole number.",
            Assert.Throws<PipelineException>(() => Read(plain, "matrix={seed: [1, x]}")).Located);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("notes.jsonl", "notes.jsonl")]
    [InlineData("notes #2.jsonl", "'notes #2.jsonl'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("", "''")]
    public void ValueToldForAList_IsInQuotesWhereItMustBe(string value, string expected) =>
        Assert.Equal(expected, GivenValue.InList(value));

    [Fact]
    public void LongAndOddValues_GiveNamesFitForFolders_AllDifferent()
    {
        var axis = $"traces.components: [[heads, full], [heads/full], [{new string('x', 300)}]]";
        var matrix = Read(Good.Replace("seed: [1, 2]", axis, StringComparison.Ordinal)
            .Replace("{ seed: 2,", "{ model.steps: 200,", StringComparison.Ordinal)
            .Replace("model.steps: 200, model.steps: 100", "model.steps: 100", StringComparison.Ordinal));
        Assert.Equal(matrix.Cells.Count, matrix.Cells.Select(c => c.Name).Distinct().Count());
        Assert.All(matrix.Cells, c => Assert.Matches("^[A-Za-z0-9_.-]{1,120}$", c.Name));
    }

    [Fact]
    public void ValuesThatDifferInCaseOnly_HaveFoldersOfTheirOwn_OnEverySystem()
    {
        var matrix = Read(WithoutMatrix() + "\nmatrix:\n  traces.components: [l0h0, L0H0, l0h1]\n");
        var names = matrix.Cells.Select(c => c.Name).ToList();
        Assert.Equal(3, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Matches("^traces.components-l0h0-[0-9a-f]{8}$", names[0]);
        Assert.Matches("^traces.components-L0H0-[0-9a-f]{8}$", names[1]);
        Assert.Equal("traces.components-l0h1", names[2]);
    }

    private static string WithoutMatrix()
    {
        var matrix = Good.IndexOf("matrix:", StringComparison.Ordinal);
        var steps = Good.IndexOf("steps:\n  contexts", StringComparison.Ordinal);
        return Good[..matrix] + Good[steps..];
    }

    private static StudyMatrix Read(string text, params string[] set) =>
        StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", text.ReplaceLineEndings("\n")), set);
}
