using MlNetRllc.Core.Files;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Runner.Running;

/// <summary>A study by the kernels of each width that this processor has.</summary>
public sealed class KernelStudyTests
{
    [Fact]
    public void EveryWidth_GivesTheSameTables()
    {
        using var study = new ReducedStudy();
        var tables = KernelSet.All.Where(set => set.IsSupported).Select(set =>
        {
            var ended = Run(study, set.Name, $"runs-{set.Name}");
            Assert.True(ended.ExitCode == 0, ended.Errors);
            return study.Tables($"runs-{set.Name}");
        }).ToList();
        Assert.All(tables, found => Assert.Equal(tables[0], found));
    }

    /// <summary>Not even a fused multiply-add: the narrowest kernels, in software.</summary>
    [Fact]
    public void ProcessorWithoutVectors_GivesTheBytesOfAnyOther()
    {
        var shorter = ReducedStudy.Yaml.Replace("steps: 20", "steps: 3").Replace("logarithmic: 3", "logarithmic: 1")
            .Replace("draws: 8, burnIn: 0", "draws: 4, burnIn: 0").Replace("datasets: [docs, code]", "datasets: [docs]");
        using var study = new ReducedStudy(shorter, documents: 10);
        foreach (var without in (string[])["", "0"])
        {
            var ended = Run(study, "DOTNET_EnableHWIntrinsic", without, $"runs{without}");
            Assert.True(ended.ExitCode == 0, ended.Errors);
        }
        Assert.Equal(study.Tables("runs"), study.Tables("runs0"));
    }

    /// <summary>From text to clusters. A constant may change with the version of what it is of, and with nothing else.</summary>
    [Theory]
    [InlineData("checkpoints", "step-0000020.safetensors", "fc7cde9fe3846d076470ab6a4c229569")]
    [InlineData("tables", "model.csv", "8b45f3e45e152b370fa995b96b8d4d49")]
    [InlineData("tables", "rllc.csv", "629b50a1129db47d70c3cfc567e778f5")]
    [InlineData("tables", "clusters.csv", "0044ea8d017e239e52abb1a56f47ccde")]
    public void ReferenceStudy_HasItsBytes(string folder, string file, string sha256)
    {
        using var study = new ReducedStudy();
        study.Run();
        var found = Directory.GetFiles(study.At("runs", "tiny", folder), file, SearchOption.AllDirectories).Single();
        Assert.Equal(sha256, (file == "rllc.csv" ? WithoutLater(found) : ContentHash.OfFile(found))[..32]);
    }

    /// <summary>Hash of a table of estimates without the three columns that came later, of numbers.</summary>
    private static string WithoutLater(string path) =>
        ContentHash.OfText(string.Concat(File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(',', line.Split(',')[..^3]) + (line.EndsWith('\r') ? "\r\n" : "\n"))));

    [Fact]
    public void KernelsThatThereAreNot_AreRefusedBeforeAnythingIsBegun()
    {
        using var study = new ReducedStudy();
        var ended = Run(study, "mmx", "runs");
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Equal("error: MLNETRLLC_KERNELS is 'mmx'; there are avx512, avx2, vector128.", ended.Errors.Trim());
        Assert.False(Directory.Exists(study.At("runs")));
    }

    private static Finished Run(ReducedStudy study, string kernels, string runs) =>
        Run(study, "MLNETRLLC_KERNELS", kernels, runs);

    private static Finished Run(ReducedStudy study, string variable, string value, string runs) => RunnerProcess.Run(
        study.Folder, ["run", study.PipelineFile, "--plain", "--runs", study.At(runs)],
        new Dictionary<string, string> { [variable] = value });
}
