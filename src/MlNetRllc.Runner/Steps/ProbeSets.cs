using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>Makes the probe sets of a sample step: contexts and patterns.</summary>
/// <param name="context">The step, or one that reads what it gave.</param>
/// <param name="tokenized">The model's text.</param>
internal sealed class ProbeSets(StudyContext context, TokenizedText tokenized)
{
    private readonly Lazy<IReadOnlyList<string>> tokenTexts = new(() => ScoredText.TokenTexts(tokenized));

    private readonly Lazy<ContextSet?> trainingText = new(() => HeldContexts.Split(tokenized.Contexts, "train"));

    /// <summary>Finds the patterns of contexts; n-grams are counted in the training split.</summary>
    public PatternFinder FinderOf(ContextSet contexts) =>
        new(contexts) { TokenTexts = tokenTexts.Value, TrainingText = trainingText.Value };

    /// <summary>A probe set.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="probe">What it is.</param>
    /// <param name="draw">Draws contexts.</param>
    /// <param name="all">The contexts of its dataset.</param>
    public ProbeSet Make(string name, ProbeOptions probe, ProbeDraw draw, ContextSet all)
    {
        context.ShowProgress(0, $"making the probe set {name}");
        if (probe.Question is null)
        {
            var contexts = draw.Draw(name, probe, all);
            return new(name, contexts, FinderOf(contexts).Find(probe.PatternNames));
        }
        var bos = tokenized.Transformer.Tokenizer.BosId;
        var made = probe.Question == ProbeQuestion.Shuffled
            ? QuestionSets.Shuffled(draw.Draw(name, probe, all), bos, probe.Seed)
            : QuestionSets.Repeated(TokenDistribution.Unigram(draw.Window(name, probe, all), bos), bos, new()
            {
                Contexts = probe.Contexts,
                CopyLength = (probe.LengthOf(all.ContextLength) - 1) / 2,
                Seed = probe.Seed,
            });
        var patterns = made.Patterns.Where(pattern => probe.PatternNames.Contains(pattern.Name));
        return new(name, made.Contexts, [.. patterns]);
    }
}
