using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>The columns in which a sampled row holds what was observed of a probe set: seven a set, named after it.</summary>
internal static class ObservedColumns
{
    public const string Differences = "Observed.";
    private const string Patterns = "ObservedPatterns.", Tokens = "ObservedTokens.", Baseline = "ObservedBaseline.",
        ContextTokens = "ObservedContextTokens.", ContextSums = "ObservedContexts.", Every = "ObservedEvery.", Between = "|";

    /// <summary>The columns of all sets.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> For(ProbeObservation observed, SgldOptions options) =>
        observed.Probes.SelectMany(set => For(set, options.Chains, DrawsOf(options, observed.Options)));

    /// <summary>Getters of the columns of all sets, in their order; NaN and 0 where a row has no trace.</summary>
    public static IEnumerable<Delegate> GettersFor(ProbeObservation observed, SgldOptions options, Func<LossTrace?> trace) =>
        observed.Probes.SelectMany((set, p) =>
            GettersFor(set, options.Chains, DrawsOf(options, observed.Options), observed.Options.Every, () => trace()?.Observations?[p]));

    /// <summary>The columns of a sampled table that hold observations.</summary>
    public static IEnumerable<string> NamesIn(DataViewSchema schema) =>
        ProbesIn(schema).SelectMany(probe => ((string[])[Patterns, Every, Tokens, Baseline, Differences, ContextTokens, ContextSums])
            .Select(prefix => $"{prefix}{probe}"));

    /// <summary>The probe sets that a sampled table has columns of.</summary>
    public static IReadOnlyList<string> ProbesIn(DataViewSchema schema) =>
        [.. schema.Where(c => c.Name.StartsWith(Differences, StringComparison.Ordinal)).Select(c => c.Name[Differences.Length..])];

    /// <summary>Reads what was observed of a set in the row in hand.</summary>
    public static Func<int, ProbeTrace> Reader(DataViewRow row, string probe)
    {
        var (patterns, every) = (row.ReadText($"{Patterns}{probe}"), row.ReadNumber<int>($"{Every}{probe}"));
        var (tokens, baseline) = (row.ReadNumbers<int>($"{Tokens}{probe}"), row.ReadNumbers<double>($"{Baseline}{probe}"));
        var differences = row.ReadNumbers<double>($"{Differences}{probe}");
        var (counts, sums) = (row.ReadNumbers<int>($"{ContextTokens}{probe}"), row.ReadNumbers<double>($"{ContextSums}{probe}"));
        return chains =>
        {
            var (names, all) = (patterns().Split(Between), differences());
            var drawn = all.Length / names.Length / chains;
            // A row that stopped early is filled up with NaN: the whole set has a value at each draw of some chain.
            bool IsDrawn(int draw) => Enumerable.Range(0, chains).Any(c => !double.IsNaN(all[c * drawn + draw]));
            var draws = Enumerable.Range(0, drawn).LastOrDefault(IsDrawn) + 1;
            var contexts = sums();
            return new()
            {
                Probe = probe,
                Patterns = names,
                Tokens = tokens(),
                BaselineLosses = baseline(),
                Every = every(),
                Draws = draws,
                Differences = [.. all.Chunk(drawn).SelectMany(chain => chain[..draws])],
                Contexts = contexts.Length / names.Length,
                ContextTokens = counts(),
                ContextSums = contexts,
            };
        };
    }

    private static int DrawsOf(SgldOptions options, ObservableOptions observation) => (options.Draws - 1) / observation.Every + 1;

    private static IEnumerable<DataViewSchema.DetachedColumn> For(ProbeSet set, int chains, int draws)
    {
        string[] patterns = [ProbeTrace.WholeSet, .. set.Patterns.Select(p => p.Name)];
        var (p, contexts) = (patterns.Length, set.Contexts.Count);
        return
        [
            ColumnTypes.Scalar<string>($"{Patterns}{set.Name}"),
            ColumnTypes.Scalar<int>($"{Every}{set.Name}"),
            ColumnTypes.Vector<int>($"{Tokens}{set.Name}", patterns).WithAxes("pattern"),
            ColumnTypes.Vector<double>($"{Baseline}{set.Name}", patterns).WithAxes("pattern"),
            ColumnTypes.Vector<double>($"{Differences}{set.Name}", p * chains * draws,
                i => $"{patterns[i / (chains * draws)]} chain{i / draws % chains} draw{i % draws}", p, chains, draws)
                .WithAxes("pattern", "chain", "draw"),
            Cells<int>($"{ContextTokens}{set.Name}"),
            Cells<double>($"{ContextSums}{set.Name}"),
        ];

        DataViewSchema.DetachedColumn Cells<T>(string name) =>
            ColumnTypes.Vector<T>(name, contexts * p, i => $"context{i / p} {patterns[i % p]}", contexts, p)
                .WithAxes("context", "pattern");
    }

    private static IEnumerable<Delegate> GettersFor(ProbeSet set, int chains, int draws, int every, Func<ProbeTrace?> trace)
    {
        string[] patterns = [ProbeTrace.WholeSet, .. set.Patterns.Select(p => p.Name)];
        var names = string.Join(Between, patterns);
        var cells = patterns.Length * set.Contexts.Count;
        return
        [
            Getters.Text(() => names),
            Getters.Scalar(() => every),
            Getters.Vector(() => trace()?.Tokens ?? new int[patterns.Length]),
            Getters.Vector(() => trace()?.BaselineLosses ?? PaddedTrace.Missing(patterns.Length)),
            Getters.Vector(() => trace() is { } found ? Padded(found, draws) : PaddedTrace.Missing(patterns.Length * chains * draws)),
            Getters.Vector(() => trace()?.ContextTokens ?? new int[cells]),
            Getters.Vector(() => trace()?.ContextSums ?? PaddedTrace.Missing(cells)),
        ];
    }

    private static IReadOnlyList<double> Padded(ProbeTrace trace, int draws) => trace.Draws == draws ? trace.Differences
        : [.. trace.Differences.Chunk(trace.Draws).SelectMany(chain => chain.Concat(PaddedTrace.Missing(draws - trace.Draws)))];
}
