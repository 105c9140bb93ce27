using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Patterns;

/// <summary>Makes question sets; the same from the same inputs, in whatever order contexts are made.</summary>
public static class QuestionSets
{
    /// <summary>A start token, n random tokens, and the same n again: whatever predicts the second copy has copied the first.</summary>
    /// <remarks>Patterns: <c>firstCopy</c>, all tokens of the first copy, which nothing in the context tells; <c>secondCopy</c>, those
    /// of the second but its first, before which nothing tells that the copy begins.</remarks>
    /// <param name="distribution">What tokens are drawn from; leave the start token out of it.</param>
    /// <param name="start">The token that each context begins with, normally the one that begins documents.</param>
    /// <param name="options">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public static QuestionSet Repeated(TokenDistribution distribution, int start, RepeatedTokensOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        var (random, copy) = (NamedRandom.Stream("question sets", (options ??= new()).Validated().Seed, "repeated"), options.CopyLength);
        var length = 1 + 2 * copy;
        var tokens = new int[checked(options.Contexts * length)];
        for (var i = 0; i < options.Contexts; i++)
        {
            var context = tokens.AsSpan(i * length, length);
            context[0] = start;
            for (var t = 0; t < copy; t++)
                context[1 + t] = context[1 + copy + t] = distribution.Draw(random, (ulong)i, (ulong)t);
        }
        var made = new ContextSet("repeated", tokens, length);
        return new(made,
        [
            new("firstCopy", "Random tokens, which nothing in the context tells.", made, (_, t) => t <= copy),
            new("secondCopy", "The same tokens again, but for the first of them.", made, (_, t) => t > copy + 1),
        ]);
    }

    /// <summary>The tokens of each context in random order: what their counts in the context tell is left, what their order tells is
    /// gone.</summary>
    /// <remarks>Patterns: <c>seenBefore</c>, tokens that stood earlier in the context; <c>seenFirst</c>, the others.</remarks>
    /// <param name="contexts">The contexts.</param>
    /// <param name="start">A token that keeps its places, normally the one that begins documents; null moves all.</param>
    /// <param name="seed">Seed of the order.</param>
    public static QuestionSet Shuffled(ContextSet contexts, int? start, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var random = NamedRandom.Stream("question sets", seed, "shuffled");
        var tokens = new int[checked(contexts.Count * contexts.ContextLength)];
        for (var i = 0; i < contexts.Count; i++)
        {
            var context = tokens.AsSpan(i * contexts.ContextLength, contexts.ContextLength);
            contexts[i].CopyTo(context);
            Shuffle(context, start, random, (ulong)i);
        }
        var made = new ContextSet($"{contexts.Name} shuffled", tokens, contexts.ContextLength);
        return new(made,
        [
            new("seenBefore", "Tokens that stood earlier in the shuffled context.", made, (c, t) => c[..t].Contains(c[t])),
            new("seenFirst", "Tokens that did not stand earlier in the shuffled context.", made, (c, t) => !c[..t].Contains(c[t])),
        ]);
    }

    private static void Shuffle(Span<int> context, int? start, NamedRandom random, ulong index)
    {
        var places = new List<int>();
        for (var t = 0; t < context.Length; t++)
            if (context[t] != start) places.Add(t);
        for (var last = places.Count - 1; last > 0; last--)
        {
            var other = random.Integer(last + 1, index, (ulong)last);
            (context[places[last]], context[places[other]]) = (context[places[other]], context[places[last]]);
        }
    }
}
