using System.Diagnostics;
using System.Text;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Native;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Planning;

/// <summary>How fast this machine learns vocabularies and packs text, measured for a moment and kept in the user's cache folder.</summary>
/// <param name="LearnedBytesPerSecond">Of text that a vocabulary is learned from.</param>
/// <param name="PackedBytesPerSecond">Of text read, encoded and packed.</param>
internal sealed record TextCalibration(double LearnedBytesPerSecond, double PackedBytesPerSecond)
{
    private const int Version = 1, Documents = 120, Words = 400, Vocabulary = 1000;

    private static readonly Lazy<TextCalibration> Measured = new(Find);

    /// <summary>The measurement of this machine.</summary>
    public static TextCalibration Known => Measured.Value;

    private static TextCalibration Find()
    {
        var name = $"calibration/text-{Version}-{ContentHash.OfText(Processor.Name)[..8]}-{Environment.ProcessorCount}.json";
        if (UserCache.Find<TextCalibration>(name) is { } known) return known;
        var found = Measure();
        UserCache.Keep(name, found);
        return found;
    }

    private static TextCalibration Measure()
    {
        var documents = Enumerable.Range(0, Documents).Select(d => Document((ulong)d)).ToList();
        var bytes = (double)documents.Sum(Encoding.UTF8.GetByteCount);
        var watch = Stopwatch.StartNew();
        var tokenizer = ByteLevelTokenizer.Train(documents, Vocabulary);
        var learning = watch.Elapsed;
        watch.Restart();
        foreach (var _ in new ContextPacker(tokenizer, new() { ContextLength = 128 }).Pack(documents.Select(d => d.AsMemory()))) { }
        return new(bytes / learning.TotalSeconds, bytes / watch.Elapsed.TotalSeconds);
    }

    /// <summary>Words of two to nine letters, the same on every machine; short ones are frequent, as in any language.</summary>
    private static string Document(ulong number)
    {
        var text = new StringBuilder();
        for (var (word, state) = (0, number + 1); word < Words; word++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            var which = (state >> 33) % 1000 * ((state >> 43) % 1000) / 1000;
            for (var letter = which + 7; letter > 1; letter /= 5) text.Append("etaoinshrd"[(int)((letter * 31 + which) % 10)]);
            text.Append(' ');
        }
        return text.ToString();
    }
}
