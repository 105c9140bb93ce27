using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Benchmarks;

/// <summary>Text of any size into a token store: bytes a second and peak memory, in a process of
/// its own.</summary>
internal static class StreamingBenchmark
{
    public const string FileName = "mixed.txt";

    /// <summary>Mixes the blocks of the texts in a folder into one file and tokenizes it.</summary>
    /// <param name="texts">A folder of .txt, .raw and .md files.</param>
    /// <param name="megabytes">Size of the mixed file, 10^6 bytes each.</param>
    /// <param name="vocabulary">Tokens in the vocabulary.</param>
    /// <param name="results">Folder of results; null writes none.</param>
    public static void Run(string texts, int megabytes, int vocabulary, string? results)
    {
        var folder = Directory.CreateTempSubdirectory("rllc-streaming-").FullName;
        try
        {
            Mix(texts, Path.Combine(folder, FileName), megabytes * 1_000_000L);
            string[] asked = ["streaming", texts, "--vocabulary", $"{vocabulary}", "--part", folder];
            if (results is not null) asked = [.. asked, "--json", results];
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, asked))!;
            child.WaitForExit();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Tokenizes the mixed file in this process and prints rates and this process's peak
    /// memory.</summary>
    public static Result RunPart(string folder, int vocabulary)
    {
        var ml = new MLContext(seed: 1);
        using var memory = new PeakMemory();
        var bytes = new FileInfo(Path.Combine(folder, FileName)).Length;
        var text = TextDataset.Load(ml, new DatasetCard
        {
            Name = "mixed",
            Unit = DocumentUnit.Block,
            Sources = [new() { Location = Path.Combine(folder, FileName) }],
        }).View;
        var watch = Stopwatch.StartNew();
        var options = new TokenizeTextOptions { VocabularySize = vocabulary, StoreFolder = Path.Combine(folder, "store") };
        var fitted = ml.Rllc.TokenizeText(options).Fit(text);
        var learning = watch.Elapsed.TotalSeconds;
        var cpu = Machine.CpuSeconds();
        watch.Restart();
        using (var cursor = fitted.Transform(text).GetRowCursor([])) cursor.MoveNext();
        var (making, used) = (watch.Elapsed.TotalSeconds, Machine.CpuSeconds() - cpu);
        watch.Restart();
        using (var cursor = fitted.Transform(text).GetRowCursor([])) cursor.MoveNext();
        var again = watch.Elapsed.TotalSeconds;
        Console.WriteLine($"{bytes / 1e6:F0} MB of text on {Environment.ProcessorCount} cores");
        Console.WriteLine($"  vocabulary of {vocabulary}: {learning:F1} s");
        Console.WriteLine($"  into the store:      {making:F1} s, {bytes / 1e6 / making:F1} MB/s ({used:F1} s of processor time)");
        Console.WriteLine($"  both:                {bytes / 1e6 / (learning + making):F1} MB/s");
        Console.WriteLine($"  store found again:   {again:F1} s");
        Console.WriteLine($"  peak memory:         {memory.Bytes / 1e6:F0} MB");
        var tokens = Directory.EnumerateFiles(folder, "train.tokens", SearchOption.AllDirectories).Single();
        using var stream = File.OpenRead(tokens);
        Console.WriteLine($"  train.tokens: {stream.Length / 4e6:F1} M tokens, sha256 {Convert.ToHexStringLower(SHA256.HashData(stream))}");
        return new(bytes, vocabulary, learning, making, used, again, memory.Bytes);
    }

    /// <summary>Times in seconds, sizes in bytes.</summary>
    /// <param name="TextBytes">Read.</param>
    /// <param name="Vocabulary">Tokens in it.</param>
    /// <param name="LearningSeconds">For the vocabulary.</param>
    /// <param name="StoringSeconds">Into the store.</param>
    /// <param name="StoringProcessorSeconds">The same, of all cores.</param>
    /// <param name="AgainSeconds">To find the store again.</param>
    /// <param name="PeakBytes">Anonymous memory.</param>
    public sealed record Result(
        long TextBytes, int Vocabulary, double LearningSeconds, double StoringSeconds, double StoringProcessorSeconds,
        double AgainSeconds, long PeakBytes);

    private static void Mix(string texts, string path, long bytes)
    {
        static IEnumerable<string> Blocks(string file) => File.ReadAllText(file)
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var blocks = Directory.EnumerateFiles(texts, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".txt" or ".raw" or ".md")
            .Order(StringComparer.Ordinal)
            .SelectMany(Blocks)
            .Where(block => block.Length > 0)
            .ToList();
        if (blocks.Count == 0)
            throw new ArgumentException(
                $"There is no text in {texts}: it holds no .txt, .raw or .md file.", nameof(texts));
        var random = NamedRandom.Stream("mixed text");
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        for (var i = 0ul; writer.BaseStream.Position < bytes; i++)
        {
            writer.Write(blocks[random.Integer(blocks.Count, i, 0)]);
            writer.Write(random.Integer(4, i, 1) == 0 ? "\n\n" : "\n");
        }
    }

    /// <summary>The largest anonymous memory of this process; not the program's own pages, which
    /// the system drops when it likes.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly Timer timer;
        private long bytes;

        public PeakMemory() => timer = new(_ => Measure(), null, 0, 20);

        public long Bytes => Volatile.Read(ref bytes);

        public void Dispose() => timer.Dispose();

        private void Measure()
        {
            const string status = "/proc/self/status";
            var line = !File.Exists(status) ? null
                : File.ReadLines(status).FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            var now = line is null ? Process.GetCurrentProcess().WorkingSet64
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            if (now > Volatile.Read(ref bytes)) Volatile.Write(ref bytes, now);
        }
    }
}
