using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;
using MlNetRllc.Patterns;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Contexts whose token losses <c>SampleSgld</c> is to observe, with the patterns that their tokens are asked by.</summary>
    /// <remarks>Patterns are found now, in one pass over the training text; those that follow from losses of the trained weights
    /// (<c>easy</c>, <c>hard</c>) are found for each checkpoint while it is sampled.</remarks>
    /// <param name="name">Its name in tables.</param>
    /// <param name="contexts">Contexts that are not sampled on (<c>Tokens</c>, a vector of Int32 of known size); read into memory
    /// now.</param>
    /// <param name="options">Which patterns, and texts of tokens; the defaults when null. Its name of a dataset is not used.</param>
    /// <param name="trainingText">As of <see cref="ProbeTokens"/>.</param>
    /// <param name="rules">Patterns of one's own by name.</param>
    /// <exception cref="ArgumentException">A table lacks a column or has no rows, there is no pattern of a name or it needs what is
    /// not given, or two patterns would have one name; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public ProbeSet ProbeSet(
        string name, IDataView contexts, ProbeTokensOptions? options = null, IDataView? trainingText = null,
        IReadOnlyDictionary<string, PatternRule>? rules = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(contexts);
        var chosen = (options ?? new()).Validated();
        var probed = ContextTables.Read(contexts, name);
        var finder = FinderOf(probed, chosen, trainingText);
        var set = new ProbeSet(name, probed, [.. new ProbePatterns(contexts, probed, finder, chosen, rules, hasLosses: true).Find()]);
        using var channel = Environment.Register(nameof(ProbeSet)).Start(nameof(ProbeSet));
        var tokens = probed.Count * (probed.ContextLength - 1);
        channel.Info($"The probe set '{name}': {tokens:N0} predicted tokens, {set.Patterns.Count} patterns"
            + string.Concat(set.Patterns.OfType<PickedTokens>().Select(p => $"; {p.Name} {p.Count:N0}")) + ".");
        return set;
    }

    /// <summary>A probe set as a table: a row a predicted token, with its loss and a column a pattern.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term>Dataset</term><description>Text: the name of the probe set</description></item>
    /// <item><term>Context</term><description>Int32: the row of its context, from 0</description></item>
    /// <item><term>Position</term><description>Int32: its place there, from 1; nothing predicts the first token</description></item>
    /// <item><term>Token</term><description>Int32: its id</description></item>
    /// <item><term>TokenText</term><description>Text: what it stands for; empty where texts are not given</description></item>
    /// <item><term>TextBefore</term><description>Text: what the few tokens before it stand for</description></item>
    /// <item><term>Loss</term><description>Single: the checkpoint's loss on it, nats; NaN without a checkpoint</description></item>
    /// <item><term>wordStart, ...</term><description>Boolean, one a pattern, named as the pattern: whether it picks the token.
    /// <see cref="PatternRules.All"/> says what each of the built-in ones picks; rules and columns of one's own follow</description></item>
    /// </list>
    /// Rows are in the order of contexts and positions. Losses and patterns are found when a column of theirs is first read, and then
    /// kept: all patterns together, after one pass over the training text. Patterns overlap.
    /// </remarks>
    /// <param name="contexts">Contexts whose tokens are probed (<c>Tokens</c>, a vector of Int32 of known size); read into memory
    /// now.</param>
    /// <param name="options">Which patterns, and texts of tokens; the defaults when null.</param>
    /// <param name="trainingText">Contexts in which n-grams are counted, normally the training text; without it patterns that are made
    /// from them are left out.</param>
    /// <param name="checkpoint">Path of a checkpoint that gives losses; without it patterns that are made from them are left out.</param>
    /// <param name="rules">Patterns of one's own by name.</param>
    /// <param name="cancellation">Stops between contexts while losses are found.</param>
    /// <exception cref="ArgumentException">A table lacks a column or has no rows, the checkpoint's model cannot read the contexts,
    /// there is no pattern of a name or it needs what is not given, or two columns would have one name; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="FileNotFoundException">There is no such checkpoint.</exception>
    public IDataView ProbeTokens(
        IDataView contexts, ProbeTokensOptions? options = null, IDataView? trainingText = null, string? checkpoint = null,
        IReadOnlyDictionary<string, PatternRule>? rules = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var chosen = (options ?? new()).Validated();
        var probed = ContextTables.Read(contexts, chosen.Dataset);
        var losses = checkpoint is null ? null : ProbeLosses.Load(Environment, checkpoint, probed, cancellation);
        var finder = FinderOf(probed, chosen, trainingText);
        var patterns = new ProbePatterns(contexts, probed, finder, chosen, rules, hasLosses: losses is not null);
        return new ProbeTokenView(new(probed, chosen, (patterns.Names, patterns.Find), losses));
    }

    private static PatternFinder FinderOf(ContextSet probed, ProbeTokensOptions options, IDataView? trainingText) =>
        new(probed, options.Limits)
        {
            TokenTexts = options.TokenTexts.Count == 0 ? null : options.TokenTexts,
            TrainingText = trainingText is null ? null : ContextTables.Read(trainingText, "training text"),
        };
}
