using System.Text.Json;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner;

/// <summary>A study that takes a second: two small texts, a pipeline file, and a folder for its runs. Deleted at the end.</summary>
internal sealed class ReducedStudy : IDisposable
{
    public const string Yaml = """
        version: 1
        name: tiny
        seed: 1
        datasets: { docs: docs.jsonl, code: code.jsonl }
        steps:
          contexts:
            tokenize: { text: docs, vocabularySize: 300, contextLength: 16 }
          model:
            train: { contexts: contexts, layers: 2, heads: 2, modelWidth: 16, headWidth: 8, steps: 20, batchSize: 8,
              learningRate: 3e-3, checkpoints: { logarithmic: 3 } }
          traces:
            sample: { model: model, components: [heads], datasets: [docs, code], chains: 2, draws: 8, burnIn: 0, batchSize: 4 }
          rllc:
            estimate: { traces: traces }
          clusters:
            cluster: { rllc: rllc }
          report:
            report: { rllc: rllc, clusters: clusters }
        """;

    private static readonly string[] Prose =
        ("the tensor model head layer value returns a new instance of type string with given name and key "
        + "when array is null or empty").Split(' ');
    private static readonly string[] Code =
        "int string return if var public static void new for each class List x y i count { } ( ) ; = + -".Split(' ');

    public ReducedStudy(string yaml = Yaml, int documents = 60)
    {
        File.WriteAllText(At("docs.jsonl"), string.Concat(Documents(Prose, 1, documents)));
        File.WriteAllText(At("code.jsonl"), string.Concat(Documents(Code, 2, documents)));
        File.WriteAllText(PipelineFile, yaml);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlnetrllc-run-").FullName;

    public string PipelineFile => At("tiny.yaml");

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs it in this process.</summary>
    public RunRecord Run(
        string runs = "runs",
        IStudyDisplay? display = null,
        RunOptions? options = null,
        CancellationToken cancellation = default,
        params string[] set)
    {
        var pipeline = StepKinds.Reader.Read(PipelineFile, set);
        using var folder = RunFolder.Open(At(runs, pipeline.Name));
        return StudyRunner.Run(pipeline, folder, display ?? new LineDisplay(TextWriter.Null, TimeSpan.FromHours(1)), cancellation, options);
    }

    /// <summary>Runs it as a user does, in a process of its own.</summary>
    public Finished Start(params string[] arguments) =>
        RunnerProcess.Run(Folder, ["run", PipelineFile, "--runs", At("runs"), .. arguments]);

    /// <summary>The steps that a run did itself.</summary>
    public static IEnumerable<string> Done(RunRecord record) => record.Steps.Where(s => !s.Kept).Select(s => s.Name);

    public string Table(string name, string runs = "runs") => File.ReadAllText(At(runs, "tiny", "tables", name));

    /// <summary>Every table, by name, as bytes in hexadecimal.</summary>
    public SortedDictionary<string, string> Tables(string runs = "runs")
    {
        static string Bytes(string file) => Convert.ToHexString(File.ReadAllBytes(file));
        var files = Directory.GetFiles(At(runs, "tiny", "tables"));
        return new(files.ToDictionary(f => Path.GetFileName(f), Bytes), StringComparer.Ordinal);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static IEnumerable<string> Documents(string[] words, uint seed, int count)
    {
        uint Next() => (seed = seed * 1664525 + 1013904223) >> 16;
        string TextOf(int length) =>
            string.Join(' ', Enumerable.Range(0, length).Select(_ => words[Next() % words.Length]));
        for (var d = 0; d < count; d++)
            yield return JsonSerializer.Serialize(new { text = TextOf(120) }) + "\n"; // the same bytes on every system
    }
}
