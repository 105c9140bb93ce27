using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>The text that heads are looked at on, tokenized as their model reads it.</summary>
internal static class ScoredText
{
    /// <summary>Contexts to ablate heads on, contexts to count n-grams in, and the split that the former are from.</summary>
    /// <param name="context">The run.</param>
    /// <param name="step">A step with the inputs <c>model</c> and <c>text</c>.</param>
    /// <param name="wanted">How many contexts to ablate heads on.</param>
    /// <param name="textContexts">Most contexts to count in; all when 0.</param>
    /// <exception cref="InvalidDataException">The text has no contexts at all.</exception>
    public static (IDataView Evaluated, IDataView Counted, string Split) Draw(StudyContext context, StepSpec step, int wanted, int textContexts)
    {
        // Neighbouring contexts are often one document: those looked at are drawn from all over the split.
        const int pool = 1 << 14;
        IDataView Drawn(IDataView rows) => context.Ml.Data.TakeRows(context.Ml.Data.ShuffleRows(rows, seed: 1, shufflePoolSize: pool, shuffleSource: false), wanted);
        var contexts = All(context, step);
        var held = Split(context.Ml, contexts, "validation");
        var split = HeldContexts.Load(context.Ml, held, wanted).Count >= wanted ? "validation" : "training";
        var train = Split(context.Ml, contexts, "train");
        if (HeldContexts.Load(context.Ml, train, 1).Count == 0) throw new InvalidDataException($"the dataset '{step.Input("text")}' has no training contexts; give more text.");
        var counted = textContexts > 0 ? context.Ml.Data.TakeRows(train, textContexts) : train;
        return (context.Ml.Data.Cache(Drawn(split == "validation" ? held : train)), counted, split);
    }

    /// <summary>What each token of the model's vocabulary stands for.</summary>
    public static IReadOnlyList<string> TokenTexts(StudyContext context, StepSpec step)
    {
        var tokenizer = Tokenized(context, step).Transformer.Tokenizer;
        return [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenText)];
    }

    private static IDataView All(StudyContext context, StepSpec step)
    {
        var (train, tokenized) = (TrainOf(context, step), Tokenized(context, step));
        var tokenize = context.Pipeline.InputOf(train, "contexts");
        if (tokenize.Input("text") == step.Input("text")) return tokenized.Contexts;
        context.Display.Progress(step.Name, 0, $"tokenizing {step.Input("text")}");
        return HeldContexts.Load(context.Ml, tokenized.Transformer.Transform(context.Ml.Rllc.LoadText(context.Pipeline.Datasets[step.Input("text")]).View)).View;
    }

    private static StepSpec TrainOf(StudyContext context, StepSpec step) => context.Pipeline.InputOf(step, "model");

    private static TokenizedText Tokenized(StudyContext context, StepSpec step) => context.Output<TokenizedText>(TrainOf(context, step), "contexts");

    private static IDataView Split(MLContext ml, IDataView contexts, string split) => ml.Data.FilterByCustomPredicate<SplitRow>(contexts, row => row.Split != split);

    private sealed class SplitRow
    {
        public string Split { get; set; } = "";
    }
}
