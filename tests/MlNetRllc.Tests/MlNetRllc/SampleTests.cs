using MlNetRllc.Tests.Packages;

namespace MlNetRllc.Tests;

/// <summary>The file-based samples run, one after the other: each is a build.</summary>
[Collection(SdkBuilds.Name)]
public sealed class SampleTests
{
    [Fact]
    public async Task ComposeSample_RunsReduced_AndLeavesTables()
    {
        var output = Directory.CreateTempSubdirectory("mlnetrllc-compose-").FullName;
        try
        {
            await Run("compose.cs", "--reduced", output);

            var rows = await File.ReadAllLinesAsync(Path.Combine(output, "tables", "rllc.csv"));
            Assert.StartsWith("Step,Component,Dataset", rows[0], StringComparison.Ordinal);
            Assert.Contains(rows, row => row.Contains(",l1h1,code,", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.Combine(output, "tables", "rllc.parquet")));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    [Fact]
    public async Task OwnModuleSample_PrintsAnEstimateForEachSelection()
    {
        var printed = await Run("own-module.cs", "--reduced");
        Assert.Equal(["full", "hidden", "out", "unit-3"], FirstWords(printed));
    }

    [Fact]
    public async Task ForeignCheckpointsSample_LeavesOneRowAHeadAndCheckpoint()
    {
        using var study = new TinyStudy();
        var (tokens, table) = (Path.Combine(study.Folder, "tokens.csv"), Path.Combine(study.Folder, "rllc.csv"));
        static string Line(int i) => string.Join(',', Enumerable.Range(0, 8).Select(t => i * t % 16));
        await File.WriteAllLinesAsync(tokens, Enumerable.Range(0, 12).Select(Line));
        await Run("foreign-checkpoints.cs", study.Folder, tokens, table, "--reduced");
        Assert.Equal(1 + 2 * 4, (await File.ReadAllLinesAsync(table)).Length);
    }

    [Fact]
    public async Task ExistingWorkflowSample_EstimatesSavesAndContinues()
    {
        var output = Directory.CreateTempSubdirectory("mlnetrllc-workflow-").FullName;
        try
        {
            var printed = await Run("existing-workflow.cs", "--reduced", output);
            Assert.Contains("l1h1", printed, StringComparison.Ordinal);
            Assert.Contains("Continuation: ", printed, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    [Fact]
    public async Task ImageClassifierSample_PrintsAnEstimateForEachSelection() =>
        Assert.Equal(["full", "convolution", "classes"], FirstWords(await Run("image-classifier.cs", "--reduced")));

    [Fact]
    public async Task MlpTransformerSample_PrintsAnEstimateForEachSelection() =>
        Assert.Equal(["full", "attention", "mlp"], FirstWords(await Run("mlp-transformer.cs", "--reduced")));

    [Fact]
    public async Task UnitTestSample_PassesItsTests() =>
        Assert.Equal("4 passed, 0 failed", (await Run("unit-test.cs")).TrimEnd().Split('\n')[^1]);

    [Fact]
    public async Task PublicNumbersSample_HoldsItsQuickRows_AndDrawsTheChains()
    {
        var output = Directory.CreateTempSubdirectory("mlnetrllc-numbers-").FullName;
        try
        {
            var printed = await Run("public-numbers.cs", "--reduced", output);
            Assert.EndsWith("All are held.", printed.TrimEnd(), StringComparison.Ordinal);
            Assert.Equal(18, printed.Split('\n').Count(line => line.Contains(" +- ", StringComparison.Ordinal)));
            Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(output, "chains.svg")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static IEnumerable<string> FirstWords(string printed) =>
        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]);

    private static Task<string> Run(string sample, params string[] arguments) =>
        DotnetCommand.Run(["run", $"pipelines/{sample}", "--", .. arguments]);
}
