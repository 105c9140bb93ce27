using System.Runtime.InteropServices;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Core.Training;

/// <summary>What a model that counts tokens, or pairs of tokens, would score: lines that a
/// validation loss is compared with.</summary>
/// <remarks>As for a model's loss, only tokens with a token before them in the same context are
/// predicted.</remarks>
/// <param name="Unigram">Predicting each token alone, in nats per token.</param>
/// <param name="Bigram">Predicting each token from the one before it, in nats per token.</param>
public readonly record struct NGramEntropy(double Unigram, double Bigram)
{
    /// <summary>
    /// The empirical entropies of a text: H(b) = -sum p(b) ln p(b) and H(b | a) = -sum p(a, b) ln
    /// p(b | a), p being the shares in the text itself.
    /// </summary>
    /// <remarks>No unigram (bigram) model, however fitted, has a lower mean loss on this text: the
    /// counts know the answers, so both lie below what such models reach on new text, the bigram by
    /// much where the text is short. A loss below them owes nothing to smoothing.</remarks>
    public static NGramEntropy Measure(ContextSet text)
    {
        var counts = new Counts(text);
        double unigram = 0, bigram = 0;
        foreach (var (_, n) in counts.Token) unigram -= n * Math.Log(n / (double)counts.Total);
        foreach (var ((before, _), n) in counts.Pair) bigram -= n * Math.Log(n / (double)counts.Before[before]);
        return new(unigram / counts.Total, bigram / counts.Total);
    }

    /// <summary>The mean losses on <paramref name="validation"/> of n-gram models fitted on
    /// <paramref name="train"/>.</summary>
    /// <remarks>
    /// p(b) = (n(b) + 1) / (N + vocab) and p(b | a) = (n(a, b) + s p(b)) / (n(a) + s): Laplace's
    /// rule and the Dirichlet language model of MacKay and Peto (1995). What a real n-gram model
    /// achieves on text that it has not seen.
    /// </remarks>
    /// <param name="train">Text that is counted.</param>
    /// <param name="validation">Text that is predicted.</param>
    /// <param name="vocabularySize">Number of tokens there are.</param>
    /// <param name="strength">s: how many pairs the unigram prediction weighs; greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The strength is not positive, or a token lies
    /// outside the vocabulary.</exception>
    public static NGramEntropy Predicting(
        ContextSet train, ContextSet validation, int vocabularySize, double strength = 5)
    {
        Limits.Positive(strength);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        Limits.AtLeast(vocabularySize, Math.Max(train.LargestToken, validation.LargestToken) + 1);
        var (seen, asked) = (new Counts(train), new Counts(validation));
        double unigram = 0, bigram = 0;
        double Share(int token) => (seen.Token.GetValueOrDefault(token) + 1.0) / (seen.Total + (double)vocabularySize);
        foreach (var (token, n) in asked.Token) unigram -= n * Math.Log(Share(token));
        foreach (var ((before, token), n) in asked.Pair)
            {
                var pairs = seen.Pair.GetValueOrDefault((before, token));
                var firsts = seen.Before.GetValueOrDefault(before);
                bigram -= n * Math.Log((pairs + strength * Share(token)) / (firsts + strength));
            }
        return new(unigram / asked.Total, bigram / asked.Total);
    }

    private sealed class Counts
    {
        public Counts(ContextSet text)
        {
            ArgumentNullException.ThrowIfNull(text);
            for (var context = 0; context < text.Count; context++)
            {
                var tokens = text[context];
                for (var t = 1; t < tokens.Length; t++)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(Pair, (tokens[t - 1], tokens[t]), out _)++;
                    CollectionsMarshal.GetValueRefOrAddDefault(Before, tokens[t - 1], out _)++;
                    CollectionsMarshal.GetValueRefOrAddDefault(Token, tokens[t], out _)++;
                }
            }
            Total = (long)text.Count * (text.ContextLength - 1);
        }

        public Dictionary<(int Before, int Token), long> Pair { get; } = [];
        public Dictionary<int, long> Before { get; } = [];
        public Dictionary<int, long> Token { get; } = [];
        public long Total { get; }
    }
}
