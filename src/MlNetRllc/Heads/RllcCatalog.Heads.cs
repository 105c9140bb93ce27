using Microsoft.ML;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Options;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>Scores the head of each row at its checkpoint; see <see cref="HeadScoringEstimator"/> for the columns.</summary>
    /// <param name="contexts">Contexts on which heads are ablated (<c>Tokens</c>, a vector of Int32 of known
    /// size): the first ones, as many as the options say; read into memory now. The token that begins documents
    /// is the one that TokenizeText notes there, unless the options name one.</param>
    /// <param name="text">Contexts in which bigrams, n-grams and words are counted, normally the training text;
    /// <paramref name="contexts"/> when null.</param>
    /// <param name="options">Numbers of sequences, contexts and tokens; the context's seed where it has one when null.</param>
    /// <param name="store">Where the scores of a checkpoint are kept and looked for; in memory, with the fitted
    /// transformer, when null.</param>
    /// <param name="cancellation">Stops between checkpoints; what is scored stays in the store.</param>
    /// <exception cref="ArgumentException">A table lacks the column or has no rows; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public HeadScoringEstimator ScoreHeads(IDataView contexts, IDataView? text = null, ScoreHeadsOptions? options = null,
        ScoreStore? store = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var chosen = options ?? new() { Scoring = new() { Seed = Seed ?? 0 } };
        chosen.Scoring.Validated();
        chosen.Patterns.Validated();
        chosen.Curvature.Validated();
        var evaluated = ContextTables.Read(contexts, "contexts");
        var meaning = text is null ? evaluated : ContextTables.Read(text, "text");
        return new(Environment, evaluated, meaning, chosen, store ?? new ScoreStore(), cancellation)
        {
            Bos = ContextTables.BosOf(contexts.Schema[ContextTables.Tokens]),
        };
    }

    /// <summary>Names what each head does, from its scores; see <see cref="HeadClassificationEstimator"/> for the columns.</summary>
    /// <param name="options">When a score stands out; the defaults when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    public HeadClassificationEstimator ClassifyHeads(HeadClassifierOptions? options = null) =>
        new(Environment, (options ?? new()).Validated());
}
