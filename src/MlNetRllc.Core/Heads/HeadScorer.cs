using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>Scores what the heads of checkpoints do; the text's own statistics are taken once for
/// all checkpoints.</summary>
/// <remarks>
/// <para>Scores after Wang et al. (arXiv 2410.02984) and Hoogland et al. (arXiv 2402.02364):</para>
/// <list type="bullet">
/// <item>Previous-token: BOS and uniform random tokens, 16 to 64 in all; attention from the last to
/// the one before. Current-token: to itself, on the same sequences (no formula is
/// published).</item>
/// <item>Prefix matching: 128 tokens, one planted in each half; attention from its second place to
/// the one after the first.</item>
/// <item>In-context learning: loss at token 500 minus loss at token 50 of 1,024, the two places
/// scaled with the context.</item>
/// <item>Bigrams: mean of -sum_b p(b | a) ln q(b | context), p being the shares of pairs in the
/// text, a the context's last token.</item>
/// <item>n-grams: loss on the last token of words of exactly n tokens after BOS, minus the mean
/// loss at the same index on the text. Words are found by the tokens' texts: a token that begins
/// with a space and a letter, and those after it that are letters only.</item>
/// <item>Composition of weights, and ablations of heads, paths and positions: see
/// <see cref="HeadScore"/>.</item>
/// </list>
/// <para>In a context shorter than 128 (64) tokens the sequences are cut to it; shorter than 16,
/// attention is not scored. A score that cannot be measured is NaN and named, with the reason, in
/// <see cref="HeadScores.Notes"/>.</para>
/// </remarks>
public sealed class HeadScorer
{
    private readonly HeadScoreOptions options;
    private readonly ContextSet contexts;
    private readonly IReadOnlyList<string>? tokenTexts;
    private readonly BigramTable bigrams;
    private readonly IReadOnlyList<IReadOnlyList<int[]>> words;

    /// <summary>Prepares the scoring of checkpoints on one text.</summary>
    /// <param name="contexts">The contexts that are evaluated: the first ones, as many as the
    /// options say.</param>
    /// <param name="options">Numbers of sequences and contexts.</param>
    /// <param name="tokenTexts">What each token stands for; without it there are no n-gram scores.
    /// Ids behind the last that stands for something are padding, from which no random token is
    /// drawn.</param>
    /// <param name="text">Where bigrams and words are counted, normally the training text; all of
    /// <paramref name="contexts"/> when null.</param>
    /// <exception cref="ArgumentException">The contexts are masked.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public HeadScorer(ContextSet contexts, HeadScoreOptions? options = null, IReadOnlyList<string>? tokenTexts = null,
        ContextSet? text = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        this.options = (options ?? new()).Validated();
        (this.contexts, this.tokenTexts) = (contexts.Unmasked("scores of heads"), tokenTexts);
        bigrams = new(text ?? contexts);
        words = tokenTexts is null ? [] : WordFinder.Find(text ?? contexts, tokenTexts, this.options.Words);
    }

    /// <summary>Scores one checkpoint.</summary>
    /// <exception cref="ArgumentException">The weights are not the model's, or the model cannot
    /// read the contexts; the message says which.</exception>
    public HeadScores Score(TransformerConfig config, WeightSet weights)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        contexts.CheckedAgainst(config);
        if (options.BeginningOfSequence >= config.VocabularySize)
            throw new ArgumentException($"BeginningOfSequence is {options.BeginningOfSequence}; "
                + $"the model's vocabulary ends at {config.VocabularySize - 1}.");
        Native.TorchNative.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = new AttentionOnlyTransformer(config);
        model.Load(weights);
        var forward = new HeadwiseForward(model);
        var bos = options.BeginningOfSequence < 0 ? config.VocabularySize - 1 : options.BeginningOfSequence;
        var notes = new List<string>();

        var attention = AttentionScores.Compute(
            forward, bos, ProbeSequences.Drawn(config.VocabularySize, bos, tokenTexts), options, notes);
        using var pass = new AblationPass(
            forward,
            contexts.ToTensor(Math.Min(options.AblationContexts, contexts.Count)),
            options.Seed);
        if (contexts.Count < 2 || options.AblationContexts < 2)
            notes.Add("Resample ablation needs 2 contexts at least; there is 1.");
        var heads = new List<HeadScore>();
        for (var layer = 0; layer < config.Layers; layer++)
            heads.AddRange(Layer(forward, pass, layer, attention));
        if (config.Layers == 1)
            notes.Add("Composition and path ablation need a second layer; the model has 1.");
        return new()
        {
            Model = Whole(forward, pass, bos, notes),
            Heads = heads,
            Chance = attention.Chance,
            Notes = notes,
        };
    }

    private IEnumerable<HeadScore> Layer(
        HeadwiseForward forward, AblationPass pass, int layer, AttentionScores attention)
    {
        var count = forward.Config.Heads;
        var (q, k, v) = layer == 0 ? ([], [], []) : Composition.Between(forward, layer);
        var paths = layer == 0 || !options.PathAblation ? []
            : Enumerable.Range(0, count).Select(sender => Changes(pass, pass.Paths(layer, sender))).ToArray();
        var position = Changes(pass, pass.HeadPositions(layer));
        for (var head = 0; head < count; head++)
        {
            Measured Ablated(Ablation kind) => Change(pass, pass.Head(layer, head, kind));
            yield return new()
            {
                Layer = layer,
                Head = head,
                PreviousToken = attention.PreviousToken[layer][head],
                CurrentToken = attention.CurrentToken[layer][head],
                PrefixMatching = attention.PrefixMatching[layer][head],
                ZeroAblation = Ablated(Ablation.Zero),
                MeanAblation = Ablated(Ablation.Mean),
                ResampleAblation = pass.Base.shape[0] < 2 ? Measured.Missing : Ablated(Ablation.Resample),
                PositionAblation = position[head],
                QComposition = layer == 0 ? [] : q[head],
                KComposition = layer == 0 ? [] : k[head],
                VComposition = layer == 0 ? [] : v[head],
                PathAblation = [.. paths.Select(sender => sender[head].Value)],
            };
        }
    }

    private ModelScore Whole(HeadwiseForward forward, AblationPass pass, int bos, List<string> notes)
    {
        var losses = new List<float[]>();
        double cross = 0, entropy = 0;
        long rows = 0;
        var pos = contexts.ContextLength;
        var count = Math.Min(options.ModelContexts, contexts.Count);
        for (var from = 0; from < count; from += 8)
        {
            using var scope = NewDisposeScope();
            var ids = contexts.ToTensor(Math.Min(8, count - from), from); // [batch, pos]
            var final = forward.Continue(0, forward.Embed(ids), forward.Positions(pos)); // [batch, pos, d_model]
            for (var i = 0; i < ids.shape[0]; i++)
            {
                using var one = NewDisposeScope();
                var predicted = forward.Logits(final[i].narrow(0, 0, pos - 1)).log_softmax(-1); // [pos - 1, vocab]
                var targets = ids[i].narrow(0, 1, pos - 1).unsqueeze(1); // [pos - 1, 1]
                var surprise = -predicted.gather(1, targets); // [pos - 1, 1]
                losses.Add(surprise.to(ScalarType.Float32).data<float>().ToArray());
                var (c, e, known) = bigrams.Compare(predicted, contexts[from + i][..^1]);
                (cross, entropy, rows) = (cross + c, entropy + e, rows + known);
            }
        }
        return new()
        {
            Loss = Statistics.Mean([.. losses.Select(l => (double)l.Average())]),
            InContextLearning = InContextLearning(losses, notes),
            BigramCrossEntropy = cross / rows, // NaN when the text knows none of the tokens.
            BigramEntropy = entropy / rows,
            NGrams = [.. Enumerable.Range(2, 3).Select(n => NGram(forward, n, bos, losses, notes))],
            PositionAblation = Change(pass, pass.Positions()),
        };
    }

    /// <summary>Loss at token 500 of 1,024 minus loss at token 50, scaled to the context's
    /// length.</summary>
    private Measured InContextLearning(List<float[]> losses, List<string> notes)
    {
        var (early, late) = (Scaled(50), Scaled(500));
        if (early == late)
        {
            notes.Add("The in-context learning score compares two places of the context; "
                + $"in {contexts.ContextLength} tokens they are one.");
            return Measured.Missing;
        }
        return Statistics.Mean([.. losses.Select(l => (double)l[late - 1] - l[early - 1])]);
    }

    private int Scaled(int token) =>
        Math.Clamp((int)Math.Round(token * contexts.ContextLength / 1024.0), 1, contexts.ContextLength - 1);

    private double NGram(HeadwiseForward forward, int n, int bos, List<float[]> losses, List<string> notes)
    {
        var found = words.Count == 0 ? [] : words[n - 2];
        if (found.Count == 0 || n >= contexts.ContextLength)
        {
            notes.Add(words.Count == 0 ? $"The {n}-gram score needs the tokens' texts."
                : found.Count == 0 ? $"The {n}-gram score needs words of {n} tokens; the text has none."
                : $"The {n}-gram score needs contexts of {n + 1} tokens; they have {contexts.ContextLength}.");
            return double.NaN;
        }
        using var scope = NewDisposeScope();
        var ids = tensor(
            found.SelectMany(w => w.Prepend(bos)).Select(t => (long)t).ToArray(), [found.Count, n + 1]);
        var last = forward.Losses(forward.Continue(0, forward.Embed(ids), forward.Positions(n + 1)), ids).narrow(1, n - 1, 1).mean();
        return last.to(ScalarType.Float64).item<double>() - losses.Average(l => (double)l[n - 1]);
    }

    private static Measured[] Changes(AblationPass pass, Tensor[] ablated) =>
        [.. ablated.Select(a => Change(pass, a))];

    private static Measured Change(AblationPass pass, Tensor ablated)
    {
        using var scope = NewDisposeScope();
        using var owned = ablated;
        return Statistics.Mean((ablated - pass.Base).to(ScalarType.Float64).mean([1L]).data<double>().ToArray());
    }
}
