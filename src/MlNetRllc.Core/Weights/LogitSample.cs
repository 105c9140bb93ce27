using System.Text.Json;

namespace MlNetRllc.Core.Weights;

/// <summary>Tokens and the logits that a model gives for them: what another implementation hands
/// over, so that an imported model can be checked.</summary>
public sealed class LogitSample
{
    /// <summary>Takes token ids and logits.</summary>
    /// <param name="ids">One row a sequence, [batch, pos].</param>
    /// <param name="logits">[batch, pos, vocab].</param>
    /// <exception cref="ArgumentException">There are none, the lengths differ, or a logit is not
    /// finite.</exception>
    public LogitSample(IReadOnlyList<int[]> ids, IReadOnlyList<float[][]> logits)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(logits);
        if (ids.Count == 0 || ids.Any(r => r is not { Length: > 0 }))
            throw new ArgumentException("The sample has no tokens.", nameof(ids));
        if (logits.Count != ids.Count)
            throw new ArgumentException(
                $"The sample has {ids.Count} sequences of tokens and {logits.Count} of logits.",
                nameof(logits));
        (Sequences, Positions) = (ids.Count, ids[0].Length);
        Vocabulary = logits[0] is [{ Length: > 0 } first, ..]
            ? first.Length : throw new ArgumentException("The sample has no logits.", nameof(logits));
        for (var row = 0; row < Sequences; row++)
        {
            if (ids[row].Length != Positions)
                throw new ArgumentException($"Sequence {row} of the sample has {ids[row].Length} tokens; " +
                    $"sequence 0 has {Positions}.", nameof(ids));
            if (logits[row]?.Length != Positions || logits[row].Any(p => p?.Length != Vocabulary))
                throw new ArgumentException($"Sequence {row} of the sample needs logits of shape [{Positions}, " +
                    $"{Vocabulary}].", nameof(logits));
            if (logits[row].Any(p => p.Any(v => !float.IsFinite(v))))
                throw new ArgumentException(
                    $"Sequence {row} of the sample has a logit that is not finite.", nameof(logits));
        }
        Ids = [.. ids.SelectMany(r => r).Select(i => (long)i)];
        Logits = [.. logits.SelectMany(r => r).SelectMany(p => p)];
    }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; }

    /// <summary>Tokens in each sequence.</summary>
    public int Positions { get; }

    /// <summary>Number of tokens for which there are logits.</summary>
    public int Vocabulary { get; }

    internal long[] Ids { get; }

    internal float[] Logits { get; }

    /// <summary>Reads a JSON file with <c>ids</c>, [batch, pos], and <c>logits</c>, [batch, pos,
    /// vocab]; other keys are left out.</summary>
    /// <exception cref="InvalidDataException">It is not such a file; the message names it and the
    /// reason.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static LogitSample Read(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            using var document = JsonDocument.Parse(file);
            return new(Get<int[][]>("ids"), Get<float[][][]>("logits"));

            T Get<T>(string key) => document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(key, out var value)
                && value.Deserialize<T>(WeightsJson.Default.Options) is { } read ? read
                : throw new InvalidDataException($"{path}: it has no '{key}'.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
