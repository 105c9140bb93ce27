using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>The contexts of a sample step's datasets, with the model's tokenizer; of a masked one with the flags of its pattern.</summary>
/// <param name="Views">Tables of contexts by the dataset's name.</param>
/// <param name="Masks">A line for each masked dataset: how many of its tokens count.</param>
internal sealed record SampledContexts(Dictionary<string, IDataView> Views, IReadOnlyList<string> Masks)
{
    /// <summary>Tokenizes each text once.</summary>
    /// <exception cref="InvalidDataException">A dataset has fewer contexts than a batch, of a masked one fewer in which a token
    /// counts.</exception>
    public static SampledContexts Load(StudyContext context)
    {
        var (pipeline, step, views, masks) = (context.Pipeline, context.Step, new Dictionary<string, IDataView>(), new List<string>());
        var tokenized = context.ReadInputOf<TokenizedText>(pipeline.InputOf(step, "model"), "contexts");
        var texts = new Dictionary<string, (IDataView View, int Count)>(StringComparer.Ordinal);
        foreach (var name in step.Inputs["datasets"])
        {
            var mask = pipeline.Masked.GetValueOrDefault(name);
            var of = mask?.Of ?? name;
            if (!texts.TryGetValue(of, out var text)) text = texts[of] = Tokenize(context, tokenized, of);
            if (mask is null) views[name] = Checked(step, name, text.View, text.Count, "contexts");
            else
            {
                context.ShowProgress(0, $"finding the {mask.Tokens} tokens of {of}");
                var (contexts, flags) = Pick(context, tokenized, mask, text.View);
                var kept = flags.Chunk(contexts.ContextLength - 1).Count(context => context.Contains(true));
                views[name] = Checked(step, name, WithMask(context.Ml, contexts, flags), kept, $"contexts with a {mask.Tokens} token");
                masks.Add($"of {name} {flags.Count(flag => flag):N0} of {flags.Length:N0} tokens count, "
                    + $"in {kept:N0} of {text.Count:N0} contexts");
            }
        }
        return new(views, masks);
    }

    private static (IDataView View, int Count) Tokenize(StudyContext context, TokenizedText tokenized, string name)
    {
        context.ShowProgress(0, $"tokenizing {name}");
        var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[name]).View;
        return HeldContexts.Load(
            context.Ml, tokenized.Transformer.Transform(text), context.Step.Get<SampledTextOptions>().ContextsPerDataset);
    }

    private static IDataView Checked(StepSpec step, string name, IDataView view, int count, string what)
    {
        var batch = step.Get<SgldOptions>().BatchSize;
        return count >= batch ? view
            : throw new InvalidDataException(
                $"the dataset '{name}' has {count} {what}, fewer than a batch of {batch}; "
                + $"give more text or a smaller batchSize in the step '{step.Name}'.");
    }

    private static (ContextSet Contexts, bool[] Flags) Pick(
        StudyContext context, TokenizedText tokenized, MaskedDataset mask, IDataView view)
    {
        var contexts = ContextTables.Read(view, mask.Of);
        var finder = new PatternFinder(contexts)
        {
            TokenTexts = ScoredText.TokenTexts(context), TrainingText = HeldContexts.Split(tokenized.Contexts, "train"),
        };
        return (contexts, finder.Find(mask.Tokens).Single().Pick(contexts, []));
    }

    private static IDataView WithMask(MLContext ml, ContextSet contexts, bool[] flags)
    {
        var (length, width) = (contexts.ContextLength, contexts.ContextLength - 1);
        var schema = SchemaDefinition.Create(typeof(MaskedContext));
        schema[nameof(MaskedContext.Tokens)].ColumnType = new VectorDataViewType(NumberDataViewType.Int32, length);
        schema[nameof(MaskedContext.LossMask)].ColumnType = new VectorDataViewType(BooleanDataViewType.Instance, length);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, contexts.Count).Select(i => new MaskedContext
        {
            Tokens = contexts[i].ToArray(), LossMask = [false, .. flags.AsSpan(i * width, width)],
        }).ToList(), schema);
    }

    private sealed class MaskedContext
    {
        public int[] Tokens { get; set; } = [];

        public bool[] LossMask { get; set; } = [];
    }
}
