using CsCheck;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class PipelineFuzzTests
{
    private static readonly string[] Bits =
    [
        "", " ", "\n", "\t", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!int ", "'", "\"", "#", "|", ">", "~",
        "null", "-1", "1e999", "NaN", "0x1F", "99999999999999999999", "\0", "\uD800", "é", "${env:HOME}", "${env:}", "? ",
        "---\n", "...\n", "%YAML 1.2\n", "steps", "version: 1\n", "checkpoints: {logarithmic: 1}\n", "[heads]",
    ];

    [Fact]
    public void MutatedFile_IsReadOrRefused_NeverAnythingElse()
    {
        var original = File.ReadAllText(Path.Combine(Repository.Root, "pipelines", "quickstart.yaml"))
            .Replace("seed: 1", "matrix: { seed: [1, 2], include: [{ model.steps: 5 }] }", StringComparison.Ordinal);
        var edit = Gen.Select(Gen.Double[0, 1], Gen.Int[0, 20], Gen.Int[0, Bits.Length - 1], Gen.Bool, Gen.Double[0, 1]);
        var (read, refused) = (0, 0);
        edit.Array[1, 6].ForAll(edits =>
        {
            var text = original;
            foreach (var (where, length, bit, move, from) in edits)
            {
                var at = (int)(where * text.Length);
                var cut = text.Remove(at, Math.Min(length, text.Length - at));
                // A piece of the file itself, or one of the bits that YAML or numbers may trip over.
                var start = (int)(from * text.Length);
                text = cut.Insert(at, move ? text.Substring(start, Math.Min(40, text.Length - start)) : Bits[bit]);
            }
            try
            {
                StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", text));
                Interlocked.Increment(ref read);
            }
            catch (PipelineException e)
            {
                Interlocked.Increment(ref refused);
                Assert.NotEmpty(e.Message);
            }
        }, cases: 10_000);
        Assert.True(read > 100 && refused > 1_000, $"The mutations are too mild or too wild: {read} read, {refused} refused.");
    }

    [Fact]
    public void FileMadeOfKnownAndUnknownKeys_IsReadOrRefusedAtAPlace()
    {
        string[] keys =
        [
            "version", "name", "seed", "datasets", "matrix", "steps", "include", "exclude", "contexts", "tokenize",
            "model", "train", "sample", "docs", "text", "layers", "checkpoints", "x",
        ];
        string[] values =
        [
            "1", "study", "docs", "dotnet-docs", "heads", "[1, 2]", "[]", "{}", "null", "1e9", "-1", "''", "contexts", "model",
        ];
        var scalar = OneOf(values);
        // Indented mappings, to five levels: most are refused somewhere, none may break the reader.
        Gen<string> Level(int depth) => depth == 0 ? scalar.Select(v => $" {v}")
            : Gen.Frequency((2, scalar.Select(v => $" {v}")), (3, Gen.Select(OneOf(keys), Level(depth - 1)).Array[1, 5]
                .Select(entries => string.Concat(entries.DistinctBy(e => e.Item1)
                    .Select(e => $"\n{new string(' ', 2 * (5 - depth))}{e.Item1}:{e.Item2}")))));
        var head = OneOf("version: 1\nname: s\ndatasets: { docs: dotnet-docs }", "name: s", "");
        Gen.Select(head, Gen.Select(OneOf(keys), Level(4)).Array[1, 5]).ForAll((start, entries) =>
        {
            var text = start + string.Concat(entries.Select(e => $"\n{e.Item1}:{e.Item2}"));
            try { StepKinds.Reader.ReadMatrix(YamlFile.Parse("p.yaml", text)); }
            catch (PipelineException e) { Assert.StartsWith("p.yaml:", e.Located, StringComparison.Ordinal); }
        }, cases: 10_000);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
