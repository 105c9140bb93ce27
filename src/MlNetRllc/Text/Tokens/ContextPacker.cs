using System.Runtime.InteropServices;
using MlNetRllc.Foundation;
using MlNetRllc.Text.Cards;

namespace MlNetRllc.Text.Tokens;

/// <summary>Lays documents end to end, each begun by BOS, and cuts them into contexts; validation and training documents apart.</summary>
/// <remarks>A context comes out as soon as it is full; what does not fill the last one of a split is left out. Documents are encoded
/// in parallel, see <see cref="EncodingPipeline"/>; the order of contexts depends on the order of documents alone.</remarks>
internal sealed class ContextPacker(TextTokenizer tokenizer, TokenizeTextOptions options, Stopping? stopping = null)
{
    public const string Train = "train";
    public const string Validation = "validation";

    /// <summary>The split that a document belongs to: by the first 8 bytes of the SHA-256 of its UTF-16 text.</summary>
    public static string SplitOf(ReadOnlySpan<char> text, double validationFraction)
    {
        return DocumentHash.Share(text) < validationFraction ? Validation : Train;
    }

    public IEnumerable<(int[] Tokens, string Split)> Pack(IEnumerable<ReadOnlyMemory<char>> documents)
    {
        var (train, validation) = (new List<int>(), new List<int>());
        var (contexts, total, split) = (0L, 0L, Train);
        foreach (var batch in new EncodingPipeline(tokenizer, options.ValidationFraction).Run(documents))
        {
            var start = 0;
            foreach (var part in batch.Parts)
            {
                stopping?.ThrowIfAsked();
                split = part.Split ?? split;
                var waiting = split == Train ? train : validation;
                if (part.Begins) waiting.Add(tokenizer.BosId);
                waiting.AddRange(CollectionsMarshal.AsSpan(batch.Tokens)[start..part.End]);
                total += part.End - start + (part.Begins ? 1 : 0);
                start = part.End;
                if (waiting.Count < options.ContextLength) continue;
                foreach (var context in Full(waiting))
                {
                    contexts++;
                    yield return (context, split);
                }
            }
        }
        if (contexts == 0)
            throw new InvalidOperationException(
                $"The documents have {total} tokens in all, which fill no context of "
                + $"{options.ContextLength} in either split: choose a smaller ContextLength or give more text.");
    }

    private IEnumerable<int[]> Full(List<int> waiting)
    {
        var start = 0;
        while (waiting.Count - start >= options.ContextLength)
        {
            var context = new int[options.ContextLength];
            var bos = options.BosAtContextStart && waiting[start] != tokenizer.BosId;
            if (bos) context[0] = tokenizer.BosId;
            var taken = options.ContextLength - (bos ? 1 : 0);
            waiting.CopyTo(start, context, bos ? 1 : 0, taken);
            start += taken;
            yield return context;
        }
        waiting.RemoveRange(0, start);
    }
}
