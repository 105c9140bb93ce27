using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>A token that a head matters for.</summary>
/// <param name="Context">Its context.</param>
/// <param name="Position">Its place there.</param>
/// <param name="Token">Its id.</param>
/// <param name="LossChange">Its loss without the head minus its loss with it, in nats.</param>
/// <param name="Explanation">The patterns it stands in.</param>
public sealed record AffectedToken(
    int Context,
    int Position,
    int Token,
    double LossChange,
    TokenExplanation Explanation);

/// <summary>How many of a head's most changed tokens each class explains.</summary>
/// <param name="Induction">Induction patterns.</param>
/// <param name="Brackets">Brackets.</param>
/// <param name="NGrams">N-grams.</param>
/// <param name="SkipNGrams">Skip n-grams.</param>
/// <param name="Unexplained">Nothing.</param>
public readonly record struct TokenCounts(
    int Induction,
    int Brackets,
    int NGrams,
    int SkipNGrams,
    int Unexplained);

/// <summary>Which tokens a head matters for, and what explains them.</summary>
/// <remarks>
/// <para>A head's output is replaced by its mean over contexts and positions; the tokens are those
/// whose loss this changes most, up or down (equal ones in order of place). Each is counted once,
/// in the first class that applies of induction, brackets, n-gram, skip n-gram.</para>
/// <para>A multigram (an n-gram or skip n-gram, <see cref="TokenExplanations"/>) is
/// <em>memorised</em> by a head if ablating the head raises the loss of its last token by
/// <see cref="TokenPatternOptions.LeastRise"/> or more, on the mean over its places in the contexts
/// (all of them, not only the most changed tokens). A token that is an induction pattern or a
/// bracket as well is not a place of the multigram. Numbers grow with the contexts looked at:
/// compare heads on the same ones.</para>
/// </remarks>
public sealed record TokenClasses
{
    /// <summary>The head, such as <c>l0h3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The tokens, most changed first.</summary>
    public required IReadOnlyList<AffectedToken> Tokens { get; init; }

    /// <summary>Multigrams that the head has memorised.</summary>
    public required int MemorisedMultigrams { get; init; }

    /// <summary>How many of <see cref="Tokens"/> each class explains.</summary>
    public TokenCounts Counts => new(CountOf(TokenPattern.Induction), CountOf(TokenPattern.Brackets), CountOf(TokenPattern.NGram),
        CountOf(TokenPattern.SkipNGram), CountOf(TokenPattern.None));

    /// <summary>Finds the tokens of every head of a checkpoint, layer by layer.</summary>
    /// <exception cref="ArgumentException">The weights are not the model's, or the model cannot
    /// read the contexts.</exception>
    public static IReadOnlyList<TokenClasses> ClassifyHeads(
        TransformerConfig config, WeightSet weights, TokenExplanations explanations)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(explanations);
        explanations.Contexts.CheckedAgainst(config);
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        using var pass = new AblationPass(
            new(model), explanations.Contexts.ToTensor(explanations.Count), seed: 0);
        var classes = new List<TokenClasses>();
        for (var layer = 0; layer < config.Layers; layer++)
            for (var head = 0; head < config.Heads; head++)
            {
                using var one = NewDisposeScope();
                var change = (pass.Head(layer, head, Ablation.Mean) - pass.Base).data<float>().ToArray(); // [batch, pos - 1]
                classes.Add(new()
                {
                    Name = $"{new HeadName(layer, head)}",
                    Tokens = Most(change, explanations),
                    MemorisedMultigrams = Memorised(change, explanations),
                });
            }
        return classes;
    }

    private static AffectedToken[] Most(float[] change, TokenExplanations explanations)
    {
        var width = explanations.Contexts.ContextLength - 1;
            AffectedToken At(int i)
            {
                var (context, position) = (i / width, i % width + 1);
                var token = explanations.Contexts[context][position];
                return new(context, position, token, change[i], explanations[context, position]);
            }
            var byEffect = Enumerable.Range(0, change.Length).OrderByDescending(i => Math.Abs(change[i]));
            return [.. byEffect.Take(explanations.Options.Tokens).Select(At)];
    }

    private static int Memorised(float[] change, TokenExplanations explanations)
    {
        var width = explanations.Contexts.ContextLength - 1;
        return (from i in Enumerable.Range(0, change.Length)
                let explanation = explanations[i / width, i % width + 1]
                where explanation.Class is TokenPattern.NGram or TokenPattern.SkipNGram
                group (double)change[i] by explanation.Multigram!.Value into places
                where places.Average() >= explanations.Options.LeastRise
                select places).Count();
    }

    private int CountOf(TokenPattern pattern) => Tokens.Count(t => t.Explanation.Class == pattern);
}
