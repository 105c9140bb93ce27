using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>The text that heads are looked at on, tokenized as their model reads it.</summary>
/// <param name="Evaluated">Contexts to ablate heads on.</param>
/// <param name="Counted">Contexts to count n-grams in.</param>
/// <param name="Split">The split that the former are from: validation or training.</param>
internal sealed record ScoredText(IDataView Evaluated, IDataView Counted, string Split)
{
    // Neighbouring contexts are often one document: those looked at are drawn from all over the split.
    private const int ShufflePool = 1 << 14;

    /// <summary>Draws contexts for a step with the inputs <c>model</c> and <c>text</c>.</summary>
    /// <param name="context">The step.</param>
    /// <param name="wanted">How many contexts to ablate heads on.</param>
    /// <param name="textContexts">Most contexts to count in; all when 0.</param>
    /// <exception cref="InvalidDataException">The text has no contexts at all.</exception>
    public static ScoredText Draw(StudyContext context, int wanted, int textContexts)
    {
        var (data, contexts) = (context.Ml.Data, AllContexts(context));
        var held = SplitOf(context.Ml, contexts, "validation");
        var split = HeldContexts.Load(context.Ml, held, wanted).Count >= wanted ? "validation" : "training";
        var train = SplitOf(context.Ml, contexts, "train");
        if (HeldContexts.Load(context.Ml, train, 1).Count == 0)
            throw new InvalidDataException($"the dataset '{context.Step.Input("text")}' has no training contexts; give more text.");
        var counted = textContexts > 0 ? data.TakeRows(train, textContexts) : train;
        var shuffled = data.ShuffleRows(split == "validation" ? held : train, seed: 1, shufflePoolSize: ShufflePool, shuffleSource: false);
        return new(data.Cache(data.TakeRows(shuffled, wanted)), counted, split);
    }

    /// <summary>What each token of the model's vocabulary stands for.</summary>
    public static IReadOnlyList<string> TokenTexts(StudyContext context) => TokenTexts(TextOfModel(context));

    /// <summary>What each token of a tokenizer's vocabulary stands for.</summary>
    public static IReadOnlyList<string> TokenTexts(TokenizedText tokenized)
    {
        var tokenizer = tokenized.Transformer.Tokenizer;
        return [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenText)];
    }

    private static IDataView AllContexts(StudyContext context)
    {
        var (tokenized, name) = (TextOfModel(context), context.Step.Input("text"));
        if (context.Pipeline.InputOf(ModelOf(context), "contexts").Input("text") == name) return tokenized.Contexts;
        context.ShowProgress(0, $"tokenizing {name}");
        var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[name]).View;
        return HeldContexts.Load(context.Ml, tokenized.Transformer.Transform(text)).View;
    }

    private static StepSpec ModelOf(StudyContext context) => context.Pipeline.InputOf(context.Step, "model");

    private static TokenizedText TextOfModel(StudyContext context) => context.ReadInputOf<TokenizedText>(ModelOf(context), "contexts");

    private static IDataView SplitOf(MLContext ml, IDataView contexts, string split) =>
        ml.Data.FilterByCustomPredicate<SplitRow>(contexts, row => row.Split != split);

    private sealed class SplitRow
    {
        public string Split { get; set; } = "";
    }
}
