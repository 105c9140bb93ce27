using System.Numerics;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;

namespace MlNetRllc.Core.Sampling.Observables;

/// <summary>What is observed while rows are sampled.</summary>
/// <param name="Probes">The probe sets, in the order in which the engine knows them.</param>
/// <param name="Options">How they are observed; already validated.</param>
/// <param name="Sink">Takes what is kept of single tokens; null keeps nothing of them.</param>
public sealed record ProbeObservation(IReadOnlyList<ProbeSet> Probes, ObservableOptions Options, ITokenSink? Sink = null)
{
    /// <summary>Asks the engine for the losses of w*, and opens the books of every row.</summary>
    internal Observation<T> Begin<T>(ILossEngine<T> engine, IReadOnlyList<SgldOptions> rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var observing = engine as ITokenLossEngine<T>
            ?? throw new ArgumentException("This engine gives no losses of single tokens, so it can observe no probe set.");
        List<ObservedProbe> probes = [.. Probes.Select((set, p) => new ObservedProbe(set, observing.TokenLossesOfCenter(p)))];
        return new(observing, Options.Every, [.. rows.Select((row, r) => probes.Select((probe, p) => Book(row, r, probe, p)).ToArray())]);
    }

    private RowObserver Book(SgldOptions row, int number, ObservedProbe probe, int index)
    {
        var draws = (row.Draws - 1) / Options.Every + 1;
        var batches = Options.Tokens switch { KeptTokens.Batches => Options.Batches, KeptTokens.Draws => draws, _ => 0 };
        var tokens = Sink is null || batches == 0 ? null
            : new TokenBatches(Sink, number, index, probe.Losses.Length, row.Chains, draws, batches);
        return new(probe, row.Chains, Options.Every, tokens);
    }
}

/// <summary>The observations of a run as they come.</summary>
/// <param name="engine">Gives the losses.</param>
/// <param name="every">Draws for each observed one.</param>
/// <param name="books">[row][probe].</param>
internal sealed class Observation<T>(ITokenLossEngine<T> engine, int every, RowObserver[][] books)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Observes the rows that have just made a draw.</summary>
    /// <param name="rows">Each with its number in the run, the draw, and its chains that have not diverged.</param>
    public void Observe(IEnumerable<(int Row, int Draw, IReadOnlyList<(int Chain, Walker<T> Walker)> Chains)> rows)
    {
        var due = rows.Where(r => r.Draw % every == 0).ToList();
        if (due.Count == 0) return;
        var chains = due.SelectMany(r => r.Chains.Select(c => (r.Row, c.Chain))).ToList();
        List<Walker<T>> walkers = [.. due.SelectMany(r => r.Chains.Select(c => c.Walker))];
        for (var probe = 0; probe < books[0].Length; probe++)
        {
            var p = probe;
            engine.TokenLosses(p, walkers, (walker, context, losses) =>
                books[chains[walker].Row][p].Take(chains[walker].Chain, context, losses));
            foreach (var row in due) books[row.Row][p].EndDraw(row.Chains.Select(c => c.Chain).ToHashSet());
        }
    }

    /// <summary>What was observed of a row, a trace a probe set.</summary>
    public IReadOnlyList<ProbeTrace> TracesOf(int row) => [.. books[row].Select(book => book.ToTrace())];
}
