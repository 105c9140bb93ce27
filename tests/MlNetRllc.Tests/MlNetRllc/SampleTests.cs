using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MlNetRllc.Tests;

/// <summary>The file-based samples run, one after the other: each is a build.</summary>
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
        Assert.Equal(["full", "hidden", "out"], printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task ForeignCheckpointsSample_LeavesOneRowAHeadAndCheckpoint()
    {
        using var study = new TinyStudy();
        var (tokens, table) = (Path.Combine(study.Folder, "tokens.csv"), Path.Combine(study.Folder, "rllc.csv"));
        await File.WriteAllLinesAsync(tokens, Enumerable.Range(0, 12).Select(i => string.Join(',', Enumerable.Range(0, 8).Select(t => i * t % 16))));
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

    private static async Task<string> Run(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", $"pipelines/{sample}", "--", .. arguments])
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test host was started with must not steer another build.
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var (printed, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await printed + await errors);
        return await printed;
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
