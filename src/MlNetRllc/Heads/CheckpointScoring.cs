using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;

namespace MlNetRllc.Heads;

/// <summary>Scores checkpoints, each part of a checkpoint's scores at most once; a row asks for its own head.</summary>
internal sealed class CheckpointScoring(
    ContextSet contexts, ContextSet text, ScoreHeadsOptions options, int heads,
    ScoreStore store, IHost host, CancellationToken cancellation, CheckpointScoring? like = null)
{
    private readonly Stopping stopping = new(host, cancellation);
    private readonly Lock gate = like?.gate ?? new();
    private readonly Dictionary<CheckpointStamp, (TransformerConfig Config, string Key)> seen = like?.seen ?? [];
    private readonly string texts = StoredWorkKey.Texts(contexts.Key, text.Key, options.TokenTexts);
    private readonly Once<HeadScorer> scorer = like?.scorer ?? new(() => new(contexts, options.Scoring, TextsOf(options), text));
    private readonly Once<TokenExplanations> explanations =
        like?.explanations ?? new(() => new(contexts, text, options.Patterns, TextsOf(options)));

    /// <summary>The scores of one row.</summary>
    /// <param name="checkpoint">Path of its checkpoint.</param>
    /// <param name="component">Its head.</param>
    /// <param name="step">Its training step, where the table has one.</param>
    public ScoredRow Row(string checkpoint, string component, int? step)
    {
        var scored = ScoresOf(checkpoint, step);
        if (scored.Scores is not { } all) return new(null, null, null, null, null, null, scored.Status);
        var index = all.Heads.ToList().FindIndex(h => h.Name == component.Trim());
        if (index >= 0)
            return new(
                all, all.Heads[index],
                scored.Tokens?.Counts[index], scored.Tokens?.Memorised[index],
                scored.Traces?.Hessian[index], scored.Traces?.Fisher[index],
                Status: "") { Notes = scored.Notes };
        try
        {
            Component.Parse(component, scored.Config!);
            return NotOfAHead($"'{component}' is not a single head; only the model's scores are given.");
        }
        catch (ArgumentException e)
        {
            return NotOfAHead(OneLine(e));
        }

        ScoredRow NotOfAHead(string status) => new(all, null, null, null, null, null, status) { Notes = scored.Notes };
    }

    private Scored ScoresOf(string checkpoint, int? step)
    {
        // One checkpoint at a time: its tensor operations already use every core.
        stopping.Enter(gate);
        try
        {
            return Parts(checkpoint, step);
        }
        catch (Exception e) when (IsExpected(e))
        {
            return new(null, null, null, null, [], OneLine(e));
        }
        finally
        {
            gate.Exit();
        }
    }

    private static bool IsExpected(Exception e) => e
        is ArgumentException or FileNotFoundException or UnauthorizedAccessException
        or InvalidDataException or ExternalException;

    private Scored Parts(string checkpoint, int? step)
    {
        (TransformerConfig Config, WeightSet Weights)? loaded = null;
        (TransformerConfig Config, WeightSet Weights) Load() => loaded ??= Checkpoint.Load(checkpoint);
        var stamp = CheckpointStamp.StampOf(checkpoint);
        if (!seen.TryGetValue(stamp, out var known)) seen[stamp] = known = (Load().Config, Load().Weights.Key);
        var (config, weightsKey) = known;
        if (config.Heads != heads)
            throw new ArgumentException(
                $"{checkpoint} has {config.Heads} heads in a layer; "
                + $"the table was fitted with {heads}. Score such models apart.");

        T Part<T>(ContentStore<T> part, string name, KeyText partOptions, Func<T> compute) where T : class
        {
            var key = StoredWorkKey.Scores(name, weightsKey, texts, partOptions);
            if (part.Find(key, Warn) is { } found) return found;
            stopping.ThrowIfAsked();
            using var channel = host.Start("scoring");
            channel.Info($"Finding {name} of {checkpoint} on '{contexts.Name}'.");
            var value = compute();
            part.Put(key, value);
            return value;
        }

        var notes = new List<string>();
        bool Wanted(bool asked, IReadOnlyList<int>? steps, string what)
        {
            if (!asked || steps is null || step is { } at && steps.Contains(at)) return asked;
            notes.Add($"{what} were left out at this step; they are measured at: {string.Join(", ", steps)}.");
            return false;
        }

        var scores = Part(store.Scores, IsPadded(config) ? "scores but of padding" : "scores", StoredWorkKey.Text(options.Scoring),
            () => scorer.Value.Score(Load().Config, Load().Weights));
        var tokens = !Wanted(options.TokenClasses, options.TokenClassSteps, "Token classes and memorised multigrams") ? null
            : Part(store.Tokens, "token classes", StoredWorkKey.Text(options.Patterns), () =>
            {
                var classes = TokenClasses.ClassifyHeads(Load().Config, Load().Weights, explanations.Value);
                return new HeadTokens([.. classes.Select(t => t.Counts)], [.. classes.Select(t => t.MemorisedMultigrams)]);
            });
        var traces = !Wanted(options.Traces, options.TraceSteps, "Traces") ? null
            : Part(store.Traces, "traces", StoredWorkKey.Text(options.Curvature), () =>
            {
                Component[] all = [.. scores.Heads.Select(h => Component.Parse(h.Name, config))];
                var curvature = new CurvatureTraces(Load().Config, Load().Weights, contexts) { Options = options.Curvature };
                return new HeadTraces(curvature.Hessian(all), curvature.Fisher(all));
            });
        return new(config, scores, tokens, traces, [.. scores.Notes, .. notes], "");
    }

    private void Warn(string message)
    {
        using var channel = host.Start("scoring");
        channel.Warning(message);
    }

    // Where the vocabulary is padded, random tokens were drawn from other ids once: those scores are not found again.
    private bool IsPadded(TransformerConfig config)
    {
        var (last, bos) = (config.VocabularySize - 1, options.Scoring.BeginningOfSequence);
        if (bos < 0 || bos == last) last--;
        return TextsOf(options) is { } texts && (last >= texts.Count || texts[last].Length == 0);
    }

    private static IReadOnlyList<string>? TextsOf(ScoreHeadsOptions options) => options.TokenTexts.Count == 0 ? null : options.TokenTexts;

    private static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private sealed record Scored(
        TransformerConfig? Config,
        HeadScores? Scores,
        HeadTokens? Tokens,
        HeadTraces? Traces,
        IReadOnlyList<string> Notes,
        string Status);
}
