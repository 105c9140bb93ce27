using System.Globalization;
using System.Text.Json;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study of a model that PyTorch trained: a pipeline file with no training step.</summary>
public sealed class ForeignCheckpointsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-foreign-").FullName;

    private static string Example => Path.Combine(Repository.Root, "pipelines", "foreign-checkpoints.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Example_Runs_AndItsLossFalls_AsPyTorchTrainedIt()
    {
        var first = RunnerProcess.Run(folder, ["run", Example]);
        Assert.True(first.ExitCode == 0, first.Output + first.Errors);
        Assert.Matches(@"loss at the last: 0\.\d{3} nats a token on the first \d+ of \d+ training contexts", first.Output);
        var run = Path.Combine(folder, "runs", "foreign-checkpoints");
        var rows = File.ReadLines(Path.Combine(run, "tables", "model.csv")).Skip(1);
        var losses = rows.Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToList();
        // Fresh weights know nothing: ln 257. PyTorch printed 0.435 after the last step, on the batch of that step.
        Assert.InRange(losses[0], 5.4, 5.7);
        Assert.InRange(losses[2], 0.2, 0.8);
        Assert.Equal(3 * 4, File.ReadLines(Path.Combine(run, "tables", "rllc.csv")).Count() - 1);
        Assert.True(File.Exists(Path.Combine(run, "report.html")));
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json")));
        var model = record.RootElement.GetProperty("options").GetProperty("model").GetProperty("TransformerConfig");
        Assert.Equal((257, 5121), (model.GetProperty("vocabularySize").GetInt32(), model.GetProperty("parameterCount").GetInt32()));

        var second = RunnerProcess.Run(folder, ["run", Example]);
        Assert.True(second.ExitCode == 0, second.Output + second.Errors);
        Assert.Contains("done before", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contextLength: 16", "contextLength: 12", "set its contextLength to 16")]
    [InlineData("vocabularySize: 257", "vocabularySize: 270", "has 257 tokens, the step 'contexts' 270")]
    [InlineData("foreign/checkpoints,", "foreign/nowhere,", "nowhere does not exist")]
    public void WhatDoesNotFitTheModel_IsSaid(string good, string bad, string expected)
    {
        var file = Path.Combine(folder, "study.yaml");
        var tests = Path.Combine(Repository.Root, "tests").Replace('\\', '/');
        var yaml = File.ReadAllText(Example).Replace("../tests", tests, StringComparison.Ordinal);
        File.WriteAllText(file, yaml.Replace(good, bad, StringComparison.Ordinal));
        var ended = RunnerProcess.Run(folder, ["run", file]);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(expected, ended.Output + ended.Errors, StringComparison.Ordinal);
    }
}
