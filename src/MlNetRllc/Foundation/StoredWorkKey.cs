using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Foundation;

/// <summary>The keys under which stores keep work: what changes a result, named and written out here and nowhere else.</summary>
/// <remarks>
/// Keys that are equal find work again, over years and versions; tests hold each to what it was. An option that comes later is said with
/// <see cref="KeyText.WithLater{T}"/>, so that its usual value leaves every key alone. Where the work itself changes for equal
/// inputs, the version in its key is raised: what earlier versions stored is then not found, and computed anew.
/// What a training may be resumed with is said by Core's <c>TrainingIdentity</c>.
/// </remarks>
internal static class StoredWorkKey
{
    /// <summary>Raised where equal inputs give other bits than before: 2 since sums and functions have the same bits on every
    /// processor.</summary>
    public const int RowVersion = 2;

    /// <summary>Raised where equal probe sets give other observations than before.</summary>
    public const int ObservationVersion = 1;

    /// <summary>Raised with each score that is added or measured otherwise: what was scored before is scored anew. 2 since an
    /// n-gram that begins a longer one is not counted twice.</summary>
    public const int ScoreVersion = 2;

    /// <summary>The key of a sampled row.</summary>
    /// <param name="weights">Key of the checkpoint's weights.</param>
    /// <param name="component">Its component's full name.</param>
    /// <param name="dataset">Its dataset's name.</param>
    /// <param name="contexts">Key of the dataset's contexts.</param>
    /// <param name="options">How it is sampled.</param>
    /// <param name="reference">Key of the reference model's weights, if losses are measured against one.</param>
    /// <param name="place">Where it is computed: see <see cref="PlaceOf"/>.</param>
    /// <param name="observed">What is observed beside it: see <see cref="ObservedOf"/>.</param>
    public static string Row(
        string weights, string component, string dataset, string contexts,
        SgldOptions options, string? reference, string? place, string? observed = null) => ContentHash.OfText(
            $"rllc {RowVersion}\n{weights}\n{component}\n{SettingOf(dataset, contexts, options, reference, place)}{Observing(observed)}");

    /// <summary>The key of the rows that are sampled together: of one checkpoint, on one dataset, under one
    /// setting. As <see cref="Row"/>, but for the component.</summary>
    public static string RowGroup(
        string weights, string dataset, string contexts,
        SgldOptions options, string? reference, string? place, string? observed = null) => ContentHash.OfText(
            $"rllc group {RowVersion}\n{weights}\n{SettingOf(dataset, contexts, options, reference, place)}{Observing(observed)}");

    /// <summary>Where a row is computed, as far as its key says: nothing for the CPU, whose usual engine has computed rows
    /// of attention-only models from the first. Those of models with MLPs it computes since it serves them: earlier rows are of
    /// the autograd engine, which rounds otherwise.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="engine">The engine that is asked for.</param>
    /// <param name="device">The device, where it is not the CPU: others round otherwise.</param>
    public static string? PlaceOf(TransformerConfig config, SamplingEngine engine, string? device) =>
        device ?? (config.MlpWidth > 0 && engine != SamplingEngine.Autograd ? "mlp in lock-step" : null);

    /// <summary>What a row's observations follow from: the sets with their patterns, and how they are observed; null without a
    /// set.</summary>
    public static string? ObservedOf(ProbeObservation? observed) => observed is not { Probes.Count: > 0 } ? null
        : $"{string.Join(' ', observed.Probes.Select(p => p.Key))}\n{Text(observed.Options)}";

    /// <summary>The key of a part of a checkpoint's head scores.</summary>
    /// <param name="part">The part's name, such as <c>token classes</c>.</param>
    /// <param name="weights">Key of the checkpoint's weights.</param>
    /// <param name="texts">What was read: see <see cref="Texts"/>.</param>
    /// <param name="options">The part's options, written out.</param>
    public static string Scores(string part, string weights, string texts, KeyText options) =>
        ContentHash.OfText($"{part} {ScoreVersion}\n{weights}\n{texts}\n{options}");

    /// <summary>What head scores read, for <see cref="Scores"/>.</summary>
    /// <param name="contexts">Key of the contexts that are scored on.</param>
    /// <param name="text">Key of the contexts that n-grams are counted in.</param>
    /// <param name="tokenTexts">What each token stands for, by id.</param>
    public static string Texts(string contexts, string text, IReadOnlyList<string> tokenTexts)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var token in tokenTexts) json.WriteStringValue(token);
            json.WriteEndArray();
        }
        return $"{contexts}\n{text}\n{ContentHash.OfBytes(stream.GetBuffer().AsSpan(0, (int)stream.Length))}";
    }

    /// <summary>The key of a store of tokens.</summary>
    /// <param name="version">Version of the store's files.</param>
    /// <param name="text">SHA-256 of the documents.</param>
    /// <param name="tokenizer">The tokenizer's fingerprint.</param>
    /// <param name="contextLength">Tokens in each context.</param>
    /// <param name="validationFraction">Share of documents held out.</param>
    /// <param name="bosAtContextStart">Whether each context begins with BOS.</param>
    public static string Tokens(
        int version, string text, string tokenizer,
        int contextLength, double validationFraction, bool bosAtContextStart) =>
        ContentHash.OfText(FormattableString.Invariant(
            $"store {version}; {text}; {tokenizer}; {contextLength}; {validationFraction:R}; {bosAtContextStart}"));

    /// <summary>All that the losses of a row follow from, beside weights and contexts.</summary>
    public static KeyText Text(SgldOptions options) => new KeyText()
        .With("Method", options.Method)
        .With("StepSize", options.StepSize)
        .With("NBeta", options.NBeta)
        .With("Localization", options.Localization)
        .With("WeightDecay", options.WeightDecay)
        .With("NoiseLevel", options.NoiseLevel)
        .With("BoundingBox", options.BoundingBox)
        .With("Chains", options.Chains)
        .With("Draws", options.Draws)
        .With("TargetStandardError", options.TargetStandardError)
        .With("BurnIn", options.BurnIn)
        .With("Thinning", options.Thinning)
        .With("BatchSize", options.BatchSize)
        .With("GradientAccumulation", options.GradientAccumulation)
        .With("RmsPropDecay", options.RmsPropDecay)
        .With("RmsPropEpsilon", options.RmsPropEpsilon)
        .With("Friction", options.Friction)
        .With("HeadBiases", options.HeadBiases)
        .With("Engine", options.Engine)
        .With("Precision", options.Precision)
        .WithLater("ExactPull", options.ExactPull, false, (text, name, said) => text.With(name, said))
        .WithLater("Control", options.Control, false, (text, name, said) => text.With(name, said))
        .WithLater("Antithetic", options.Antithetic, false, (text, name, said) => text.With(name, said))
        .With("Seed", options.Seed);

    /// <summary>All that observations follow from, beside their sets.</summary>
    public static KeyText Text(ObservableOptions options) => new KeyText()
        .With("Every", options.Every)
        .With("Tokens", options.Tokens)
        .With("Batches", options.Batches);

    /// <summary>All that attention, ablations and the model's own scores follow from, beside weights and texts.</summary>
    public static KeyText Text(HeadScoreOptions options) => new KeyText()
        .With("Sequences", options.Sequences)
        .With("AblationContexts", options.AblationContexts)
        .With("ModelContexts", options.ModelContexts)
        .With("PathAblation", options.PathAblation)
        .With("Words", options.Words)
        .With("BeginningOfSequence", options.BeginningOfSequence)
        .With("Seed", options.Seed);

    /// <summary>All that token classes follow from, beside weights and texts.</summary>
    public static KeyText Text(TokenPatternOptions options) => new KeyText()
        .With("Contexts", options.Contexts)
        .With("Tokens", options.Tokens)
        .With("LongestNGram", options.LongestNGram)
        .With("SkipDistance", options.SkipDistance)
        .With("LeastProbability", options.LeastProbability)
        .With("LeastCount", options.LeastCount)
        .With("LeastGain", options.LeastGain)
        .With("Brackets", options.Brackets)
        .With("LeastRise", options.LeastRise);

    /// <summary>All that traces of the curvature follow from, beside weights and texts.</summary>
    public static KeyText Text(CurvatureOptions options) => new KeyText()
        .With("Probes", options.Probes)
        .With("Contexts", options.Contexts)
        .With("Seed", options.Seed);

    private static string Observing(string? observed) => observed is null ? "" : $"\nobserving {ObservationVersion} {observed}";

    private static string SettingOf(
        string dataset, string contexts, SgldOptions options, string? reference, string? place) =>
        $"{dataset}\n{contexts}\n{Text(options)}"
        + (reference is null ? "" : $"\nagainst {reference}")
        + (place is null ? "" : $"\n{place}");
}
