using System.Runtime.InteropServices;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Heads;

/// <summary>Scores checkpoints, each at most once; a row asks for its own head.</summary>
internal sealed class CheckpointScoring(ContextSet contexts, ContextSet text, ScoreHeadsOptions options, int heads, IHost host,
    CancellationToken cancellation)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Path, DateTime Written, long Length), Scored> seen = [];
    private readonly Lazy<HeadScorer> scorer = new(() => new(contexts, options.Scoring, TextsOf(options), text));
    private readonly Lazy<TokenExplanations?> explanations = new(() =>
        options.TokenClasses ? new(contexts, text, options.Patterns, TextsOf(options)) : null);

    /// <summary>The scores of one row.</summary>
    public ScoredRow Row(string checkpoint, string component)
    {
        cancellation.ThrowIfCancellationRequested();
        var scored = Of(checkpoint);
        if (scored.Scores is not { } all) return new(null, null, null, null, null, null, scored.Status);
        var index = all.Heads.ToList().FindIndex(h => h.Name == component.Trim());
        if (index >= 0) return new(all, all.Heads[index], scored.Tokens?[index], scored.Memorised?[index], scored.Hessian?[index], scored.Fisher?[index], "");
        try
        {
            Component.Parse(component, scored.Config!);
            return new(all, null, null, null, null, null, $"'{component}' is not a single head; only the model's scores are given.");
        }
        catch (ArgumentException e)
        {
            return new(all, null, null, null, null, null, OneLine(e));
        }
    }

    private Scored Of(string checkpoint)
    {
        // One checkpoint at a time: its tensor operations already use every core.
        lock (gate)
        {
            try
            {
                var file = new FileInfo(checkpoint);
                if (!file.Exists) throw new FileNotFoundException($"The checkpoint {checkpoint} does not exist.");
                var stamp = (file.FullName, file.LastWriteTimeUtc, file.Length);
                return seen.TryGetValue(stamp, out var known) ? known : seen[stamp] = Score(checkpoint);
            }
            catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException or ExternalException)
            {
                return new(null, null, null, null, null, null, OneLine(e));
            }
        }
    }

    private Scored Score(string checkpoint)
    {
        using var channel = host.Start("scoring");
        channel.Info($"Scoring the heads of {checkpoint} on '{contexts.Name}'.");
        var (config, weights) = Checkpoint.Load(checkpoint);
        if (config.Heads != heads)
            throw new ArgumentException($"{checkpoint} has {config.Heads} heads in a layer; the table was fitted with {heads}. Score such models apart.");
        var scores = scorer.Value.Score(config, weights);
        foreach (var note in scores.Notes) channel.Warning(note);
        var tokens = explanations.Value is { } explained ? TokenClasses.Of(config, weights, explained) : null;
        Component[] all = [.. scores.Heads.Select(h => Component.Parse(h.Name, config))];
        return new(config, scores, tokens?.Select(t => t.Counts).ToArray(), tokens?.Select(t => t.MemorisedMultigrams).ToArray(),
            options.Traces ? CurvatureTraces.Hessian(config, weights, all, contexts, options.Curvature) : null,
            options.Traces ? CurvatureTraces.Fisher(config, weights, all, contexts, options.Curvature) : null, "");
    }

    private static IReadOnlyList<string>? TextsOf(ScoreHeadsOptions options) => options.TokenTexts.Count == 0 ? null : options.TokenTexts;

    private static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private sealed record Scored(TransformerConfig? Config, HeadScores? Scores, TokenCounts[]? Tokens, int[]? Memorised,
        IReadOnlyList<ComponentTrace>? Hessian, IReadOnlyList<ComponentTrace>? Fisher, string Status);
}
