using System.Text.Json;
using MlNetRllc.Core.Model;
using MlNetRllc.Runner.Running;
using MlNetRllc.Tests.Sampling;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class RunStudyTests
{
    [Fact]
    public void Run_LeavesTablesRecordAndReport()
    {
        using var study = new ReducedStudy();
        var ended = study.Start();
        Assert.True(ended.ExitCode == 0, ended.Errors);
        string[] tables =
        [
            "clusters-counts.csv", "clusters-counts.parquet", "clusters-curves.csv", "clusters-curves.parquet",
            "clusters.csv", "clusters.parquet", "model.csv", "model.parquet", "rllc.csv", "rllc.parquet", "traces.parquet",
        ];
        Assert.Equal(tables, study.Tables().Keys);
        Assert.StartsWith("Step,Component,Dataset,Rllc,RllcStdErr,RHat,Ess,", study.Table("rllc.csv"), StringComparison.Ordinal);
        Assert.Contains(",Status,", Header(study, "rllc.csv"), StringComparison.Ordinal);
        Assert.StartsWith("Component,Cluster", study.Table("clusters.csv"), StringComparison.Ordinal);
        Assert.Equal("Step,TrainLoss,ValidationLoss", Header(study, "model.csv"));
        // Steps 0, 1, 4, 20; four heads; two datasets.
        Assert.Equal(1 + 4 * 4 * 2, study.Table("rllc.csv").Trim().Split('\n').Length);
        Assert.Contains("<html", File.ReadAllText(study.At("runs", "tiny", "report.html")), StringComparison.Ordinal);
        Assert.Contains("Report: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("a bigram model has", ended.Output, StringComparison.Ordinal);

        using var record = JsonDocument.Parse(File.ReadAllText(study.At("runs", "tiny", "run.json")));
        Assert.Equal("finished", record.RootElement.GetProperty("state").GetString());
        Assert.Equal(1, record.RootElement.GetProperty("seed").GetInt32());
        Assert.Equal(ReducedStudy.Yaml, record.RootElement.GetProperty("pipeline").GetString());
        var training = record.RootElement.GetProperty("options").GetProperty("model").GetProperty("TrainingOptions");
        Assert.Equal(20, training.GetProperty("steps").GetInt32());
        Assert.Equal(6, record.RootElement.GetProperty("steps").GetArrayLength());
    }

    [Fact]
    public void RecordOfARun_SaysTheModelAsItWas_WhatWasChanged_AndTheProgram()
    {
        using var study = new ReducedStudy();
        study.Run(set: "traces.draws=9");
        var record = Record(study);
        var model = record.GetProperty("options").GetProperty("model").GetProperty("TransformerConfig");
        Assert.Equal((300, 16), (model.GetProperty("vocabularySize").GetInt32(), model.GetProperty("contextLength").GetInt32()));
        Assert.Equal(
            new TransformerConfig
            {
                VocabularySize = 300, ContextLength = 16, Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8,
            }.ParameterCount,
            model.GetProperty("parameterCount").GetInt64());
        Assert.Equal("traces.draws=9", Assert.Single(record.GetProperty("set").EnumerateArray()).GetString());
        Assert.False(record.GetProperty("options").GetProperty("contexts").GetProperty("TokenizeTextOptions")
            .TryGetProperty("storeFolder", out _));
        // This repository's commit, where it is built from one.
        if (record.GetProperty("versions").TryGetProperty("commit", out var commit)) Assert.Matches("^[0-9a-f]{40}", commit.GetString());
        Assert.Equal("0.1.0", record.GetProperty("versions").GetProperty("MlNetRllc").GetString());

        // A second run reads it back from what the first left.
        study.Run(set: "traces.draws=9");
        Assert.Equal($"{record.GetProperty("options")}", $"{Record(study).GetProperty("options")}");
    }

    private static JsonElement Record(ReducedStudy study) =>
        JsonDocument.Parse(File.ReadAllText(study.At("runs", "tiny", "run.json"))).RootElement;

    [Fact]
    public void SameSeed_GivesTheSameBytes_AnotherSeedDoesNot()
    {
        using var study = new ReducedStudy();
        study.Run("first");
        study.Run("second");
        study.Run("third", set: "seed=2");
        Assert.Equal(study.Tables("first"), study.Tables("second"));
        Assert.NotEqual(study.Table("rllc.csv", "first"), study.Table("rllc.csv", "third"));
    }

    [Fact]
    public void SecondRunInTheSameFolder_ComputesNothingAnew()
    {
        using var study = new ReducedStudy();
        study.Run();
        var (tables, stamps) = (study.Tables(), Stamps(study));
        study.Run();
        Assert.Equal(tables, study.Tables());
        Assert.Equal(stamps, Stamps(study));
    }

    [Fact]
    public void ChangedSampling_KeepsTheTraining()
    {
        using var study = new ReducedStudy();
        study.Run();
        var before = Stamps(study).Where(s => s.Key.Contains("checkpoints", StringComparison.Ordinal)).ToList();
        study.Run(set: "traces.draws=9");
        var after = Stamps(study);
        Assert.All(before, stamp => Assert.Equal(stamp.Value, after[stamp.Key]));
        // Four checkpoints on two datasets, under two settings.
        Assert.Equal(2 * 8, after.Keys.Count(k => k.Contains("rows", StringComparison.Ordinal)));
    }

    [Fact]
    public void PartsOfFiles_ThatAKilledRunLeft_AreSweptAway()
    {
        using var study = new ReducedStudy();
        var part = Path.Combine(Directory.CreateDirectory(study.At("runs", "tiny", "tables")).FullName, ".rllc.csv.abc.part");
        File.WriteAllText(part, "Step,Comp");
        study.Run();
        Assert.False(File.Exists(part));
    }

    [Fact]
    public void TextWithoutValidationDocuments_StillRuns()
    {
        using var study = new ReducedStudy();
        var ended = study.Start("--set", "contexts.validationFraction=0");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.DoesNotContain("NaN nats", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_DuringSampling_KeepsTheRowsInHand_AndGoesOn()
    {
        using var study = new ReducedStudy();
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<Exception>(() => study.Run(display: new CancelAt(source, "traces"), cancellation: source.Token));
        var rows = RowFiles.Count(study.At("runs", "tiny", "rows"));
        Assert.InRange(rows, 4, 28);
        Assert.Contains("\"cancelled\"", File.ReadAllText(study.At("runs", "tiny", "run.json")), StringComparison.Ordinal);
        study.Run();
        study.Run("undisturbed");
        Assert.Equal(study.Tables("undisturbed"), study.Tables());
    }

    [Fact]
    public void Cancelled_DuringTraining_SavesItsState_AndGoesOn()
    {
        using var study = new ReducedStudy();
        using var source = new CancellationTokenSource();
        var cancelling = new CancelAt(source, "model");
        Assert.ThrowsAny<Exception>(() => study.Run(display: cancelling, cancellation: source.Token, set: "model.steps=200000"));
        var checkpoints = study.At("runs", "tiny", "checkpoints");
        Assert.Single(Directory.GetFiles(checkpoints, "training-state.safetensors", SearchOption.AllDirectories));
    }

    private static string Header(ReducedStudy study, string table) => study.Table(table).Split('\n')[0];

    private static Dictionary<string, DateTime> Stamps(ReducedStudy study)
    {
        var folders = ((string[])["checkpoints", "rows"]).Select(f => study.At("runs", "tiny", f)).Where(Directory.Exists);
        return folders.SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories))
            .ToDictionary(f => f, File.GetLastWriteTimeUtc);
    }

    /// <summary>Asks to stop once a step reports that it is under way.</summary>
    private sealed class CancelAt(CancellationTokenSource source, string step) : IStudyDisplay
    {
        public void Show(Action work) => work();

        public void Begin(string name, string what)
        {
        }

        public void Progress(string name, double share, string now)
        {
            if (name == step && share > 0) source.Cancel();
        }

        public void End(string name, string summary, TimeSpan time)
        {
        }
    }
}
