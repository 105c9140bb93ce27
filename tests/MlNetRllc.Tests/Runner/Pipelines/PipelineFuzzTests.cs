using CsCheck;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class PipelineFuzzTests
{
    private static readonly string[] Bits =
        ["", " ", "\n", "\t", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!int ", "'", "\"", "#", "|", ">", "~", "null", "-1", "1e999", "NaN", "0x1F", "99999999999999999999",
         "\0", "\uD800", "é", "${env:HOME}", "${env:}", "? ", "---\n", "...\n", "%YAML 1.2\n", "steps", "version: 1\n", "checkpoints: {logarithmic: 1}\n", "[heads]"];

    [Fact]
    public void MutatedFile_IsReadOrRefused_NeverAnythingElse()
    {
        var original = File.ReadAllText(Path.Combine(Repository.Root, "pipelines", "quickstart.yaml"));
        var edit = Gen.Select(Gen.Double[0, 1], Gen.Int[0, 20], Gen.Int[0, Bits.Length - 1], Gen.Bool, Gen.Double[0, 1]);
        var (read, refused) = (0, 0);
        edit.Array[1, 6].Sample(edits =>
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
                PipelineReader.Read(YamlFile.Parse("p.yaml", text));
                Interlocked.Increment(ref read);
            }
            catch (PipelineException e)
            {
                Interlocked.Increment(ref refused);
                Assert.NotEmpty(e.Message);
            }
        }, iter: 10_000);
        Assert.True(read > 100 && refused > 1_000, $"The mutations are too mild or too wild: {read} read, {refused} refused.");
    }
}
