using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>The contexts of a sample step's datasets, with the model's tokenizer; of a masked one with the flags of its pattern.
/// And its probe sets, whose contexts are in none of them.</summary>
/// <param name="Views">Tables of contexts by the dataset's name.</param>
/// <param name="Probes">The probe sets.</param>
/// <param name="Notes">A line for each masked dataset: how many of its tokens count. And one for each probe set.</param>
internal sealed record SampledContexts(
    Dictionary<string, IDataView> Views, IReadOnlyList<ProbeSet> Probes, IReadOnlyList<string> Notes)
{
    /// <summary>Tokenizes each text once.</summary>
    /// <param name="context">The step that reads.</param>
    /// <param name="step">The sample step, whose contexts they are.</param>
    /// <exception cref="InvalidDataException">A dataset has fewer contexts than a batch, of a masked one fewer in which a token
    /// counts, or fewer than a probe set asks for.</exception>
    public static SampledContexts Load(StudyContext context, StepSpec step)
    {
        var pipeline = context.Pipeline;
        var (views, notes) = (new Dictionary<string, IDataView>(), new List<string>());
        var tokenized = context.ReadInputOf<TokenizedText>(pipeline.InputOf(step, "model"), "contexts");
        var (texts, sets) = (TextsOf(context, step, tokenized), new ProbeSets(context, tokenized));
        var (probes, taken) = Draw(pipeline, step, texts, sets);
        foreach (var name in step.Inputs["datasets"])
        {
            var mask = pipeline.Masked.GetValueOrDefault(name);
            var text = texts[mask?.Of ?? name].Without(context.Ml, taken);
            var what = taken.Count == 0 ? "contexts" : "contexts besides probe sets";
            views[name] = Checked(step, name, text.Sampled, text.Count, what);
            if (mask is null) continue;
            context.ShowProgress(0, $"finding the {mask.Tokens} tokens of {mask.Of}");
            var contexts = ContextTables.Read(text.Sampled, mask.Of);
            var flags = sets.FinderOf(contexts).Find(mask.Tokens).Single().Pick(contexts, []);
            var kept = flags.Chunk(contexts.ContextLength - 1).Count(context => context.Contains(true));
            var masked = WithMask(context.Ml, contexts, flags);
            views[name] = Checked(step, name, masked, kept, $"contexts with a {mask.Tokens} token");
            notes.Add($"of {name} {flags.Count(flag => flag):N0} of {flags.Length:N0} tokens count, "
                + $"in {kept:N0} of {text.Count:N0} contexts");
        }
        notes.AddRange(probes.Select(probe =>
            $"{probe.Name} observed: {probe.Contexts.Count:N0} contexts, {probe.Patterns.Count:N0} patterns"));
        return new(views, probes, notes);
    }

    /// <summary>The probe sets that a step names, by name.</summary>
    public static IEnumerable<(string Name, ProbeOptions Probe)> ProbesOf(Pipeline pipeline, StepSpec step) =>
        (step.Inputs.GetValueOrDefault(SampleStep.Probes) ?? []).Select(name => (name, pipeline.Probes[name]));

    /// <summary>Makes the probe sets of a sample step anew, the same as it observed, for a step that reads what it gave.</summary>
    /// <param name="context">The step that reads.</param>
    /// <param name="step">The sample step.</param>
    public static IReadOnlyList<ProbeSet> LoadProbes(StudyContext context, StepSpec step)
    {
        var tokenized = context.ReadInputOf<TokenizedText>(context.Pipeline.InputOf(step, "model"), "contexts");
        return Draw(context.Pipeline, step, TextsOf(context, step, tokenized), new ProbeSets(context, tokenized)).Probes;
    }

    private static Dictionary<string, HeldText> TextsOf(StudyContext context, StepSpec step, TokenizedText tokenized)
    {
        var pipeline = context.Pipeline;
        var most = step.Get<SampledTextOptions>().ContextsPerDataset;
        var probes = ProbesOf(pipeline, step).ToList();
        return SampledTexts(pipeline, step).Concat(probes.Select(p => p.Probe.Of)).Distinct().ToDictionary(name => name, name =>
        {
            context.ShowProgress(0, $"tokenizing {name}");
            var contexts = tokenized.Transformer.Transform(context.Ml.Rllc.LoadText(pipeline.Datasets[name]).View);
            var wanted = probes.Where(p => p.Probe.Of == name)
                .Select(p => ProbeDraw.Wanted(p.Probe, most)).Append(most).Max();
            return HeldText.Load(context.Ml, name, contexts, most, probes.Count == 0 ? null : wanted);
        }, StringComparer.Ordinal);
    }

    /// <summary>Names of the texts that are sampled on: of a masked dataset that of the one it is of.</summary>
    private static IEnumerable<string> SampledTexts(Pipeline pipeline, StepSpec step) => step.Inputs["datasets"]
        .Select(name => pipeline.Masked.GetValueOrDefault(name)?.Of ?? name)
        .Distinct();

    // In the order of their names: the order of a list in a file changes no set.
    private static (IReadOnlyList<ProbeSet> Probes, IReadOnlySet<string> Taken) Draw(
        Pipeline pipeline, StepSpec step, Dictionary<string, HeldText> texts, ProbeSets sets)
    {
        var probes = ProbesOf(pipeline, step).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        if (probes.Count == 0) return ([], new HashSet<string>());
        var options = step.Get<SampledTextOptions>();
        var sampled = SampledTexts(pipeline, step).SelectMany(name => texts[name].SampledTexts)
            .ToHashSet(StringComparer.Ordinal);
        var draw = new ProbeDraw(sampled, options.ContextsPerDataset, options.Observe.AllowShared);
        var made = probes.ConvertAll(p => sets.Make(p.Name, p.Probe, draw, texts[p.Probe.Of].All!));
        return (made, draw.Taken);
    }

    private static IDataView Checked(StepSpec step, string name, IDataView view, int count, string what)
    {
        var batch = step.Get<SgldOptions>().BatchSize;
        return count >= batch ? view
            : throw new InvalidDataException(
                $"the dataset '{name}' has {count} {what}, fewer than a batch of {batch}; "
                + $"give more text or a smaller batchSize in the step '{step.Name}'.");
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
