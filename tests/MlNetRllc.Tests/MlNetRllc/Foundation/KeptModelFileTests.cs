using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Training;

namespace MlNetRllc.Tests.Foundation;

/// <summary>A model file that version 0.1.0 wrote, kept: later versions load it, or refuse it by name and are then kept one more
/// file.</summary>
public sealed class KeptModelFileTests
{
    /// <summary>Writes the file anew; set it only where the old one is to be given up.</summary>
    private const string Keep = "MLNETRLLC_KEEP_MODEL";

    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void FileOfTheFirstVersion_Loads_AndPredictsAsItDid()
    {
        if (Environment.GetEnvironmentVariable(Keep) == "1") Write();
        var model = ml.Model.Load(Kept, out var schema);
        Assert.IsType<LanguageModelTransformer>(model);
        Assert.Equal(["Tokens", "Split"], schema.Select(c => c.Name));
        // The losses that the file's model had when it was written; their last digits are the processor's.
        var losses = model.Transform(TinyStudy.Contexts(ml, 5)).GetColumn<float>("Loss").ToList();
        var lines = File.ReadAllLines(Path.ChangeExtension(Kept, ".txt"));
        var expected = lines.Select(line => float.Parse(line, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(expected.Count, losses.Count);
        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void FileOfALaterVersion_IsRefused_WithItsVersion()
    {
        // The version that wrote the file, and the one that can read it.
        byte[] first = [.. "RLLCMODL"u8, 1, 0, 1, 0, 1, 0, 1, 0];
        byte[] tooNew = [.. "RLLCMODL"u8, 1, 0, 0x7f, 0, 1, 0, 0x7f, 0];
        var later = Rewritten(bytes => Replace(bytes, first, tooNew));
        var error = Assert.ThrowsAny<Exception>(() => ml.Model.Load(later, out _));
        Assert.Contains("the model is too new", $"{error}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void FileWithAnOptionThatNoVersionHas_IsRefused_WithItsName()
    {
        var changed = Rewritten(bytes => Replace(bytes, Encoding.Unicode.GetBytes("TopTokens"), Encoding.Unicode.GetBytes("TopTokenz")));
        Assert.Contains("TopTokenz", $"{Assert.ThrowsAny<Exception>(() => ml.Model.Load(changed, out _))}", StringComparison.Ordinal);
    }

    private static string Kept => Path.Combine(AppContext.BaseDirectory, "Reference", "models", "transformer-0.1.0.zip");

    /// <summary>The kept file with the model entry of our component changed.</summary>
    private static MemoryStream Rewritten(Func<byte[], byte[]> change)
    {
        var file = new MemoryStream();
        file.Write(File.ReadAllBytes(Kept));
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            var changed = 0;
            foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith("Model.key", StringComparison.Ordinal)).ToList())
            {
                using var stream = entry.Open();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                var bytes = copy.ToArray();
                if (bytes.AsSpan().IndexOf("RLLCMODL"u8) < 0) continue;
                var after = change(bytes);
                stream.SetLength(0);
                stream.Write(after);
                changed++;
            }
            Assert.Equal(1, changed);
        }
        file.Position = 0;
        return file;
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> old, ReadOnlySpan<byte> changed)
    {
        var at = bytes.AsSpan().IndexOf(old);
        Assert.True(at >= 0);
        changed.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private void Write([CallerFilePath] string here = "")
    {
        var folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;
        try
        {
            var contexts = TinyStudy.Contexts(ml, 5);
            var options = new LanguageModelOptions
            {
                Shape = TinyStudy.Config, VocabularySize = 16, Steps = 3, BatchSize = 4, CheckpointFolder = folder,
            };
            using var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", options).Fit(contexts);
            var models = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Reference", "models");
            var source = Path.GetFullPath(Path.Combine(models, Path.GetFileName(Kept)));
            ml.Model.Save(model, contexts.Schema, source);
            var numbers = model.Transform(contexts).GetColumn<float>("Loss");
            var losses = numbers.Select(l => l.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            File.WriteAllLines(Path.ChangeExtension(source, ".txt"), losses);
            Directory.CreateDirectory(Path.GetDirectoryName(Kept)!);
            foreach (var extension in (string[])[".zip", ".txt"])
                File.Copy(Path.ChangeExtension(source, extension), Path.ChangeExtension(Kept, extension), overwrite: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
