using Microsoft.ML;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Steps;

/// <summary>What a tokenize step gives.</summary>
/// <param name="Transformer">Tokenizes further datasets with the same vocabulary.</param>
/// <param name="Contexts">The text's contexts, with the column Split; of a store, which is closed at the end of the study.</param>
internal sealed record TokenizedText(TokenizeTextTransformer Transformer, IDataView Contexts) : IDisposable
{
    public void Dispose() => (Contexts as IDisposable)?.Dispose();
}

/// <summary>Learns the vocabulary and packs the text into contexts.</summary>
internal sealed class TokenizeStep : StepKind
{
    /// <summary>What a token of a vocabulary takes on the disk, about.</summary>
    private const double DiskBytesPerVocabularyToken = 24;

    private static readonly ContentFolder Stores = new("tokens", ContentUnit.Subfolder, "token stores");

    public override string Name => "tokenize";

    public override string Component => "TokenizeText";

    public override IReadOnlyList<StepInput> Inputs { get; } = [new("text", InputType.Dataset, "dataset the vocabulary is learned from")];

    public override IReadOnlyList<Type> Options { get; } = [typeof(TokenizeTextOptions)];

    public override IReadOnlyList<string> LeftOut { get; } = [nameof(TokenizeTextOptions.StoreFolder)];

    public override IReadOnlyList<ContentFolder> ContentFolders { get; } = [Stores];

    public override IReadOnlyList<string> Tables => [];

    public override StepCost CostOf(Pipeline pipeline, StepSpec step)
    {
        var options = step.Get<TokenizeTextOptions>();
        var size = $"{options.VocabularySize:N0} tokens, contexts of {options.ContextLength:N0}";
        if (TextSize.BytesOf(pipeline.Datasets[step.Input("text")]) is not { } bytes)
            return new(size, double.NaN, 0, options.VocabularySize * DiskBytesPerVocabularyToken);
        var speed = TextCalibration.Known;
        var seconds = Math.Min(bytes, options.SampleCharacters) / speed.LearnedBytesPerSecond + bytes / speed.PackedBytesPerSecond;
        return new($"{bytes / 1e6:N0} MB of text, {size}", seconds, 0, bytes / TextSize.BytesPerToken * sizeof(int));
    }

    public override string Run(StudyContext context)
    {
        var options = context.Step.Get<TokenizeTextOptions>();
        var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[context.Step.Input("text")]).View;
        var folder = context.Folder.At("tokenizers", context.Step.Name);
        // Learned or given, the tokenizer is read from the run's own copy, so that the run stays whole without what it came from.
        var saved = options with { Tokenizer = null, TokenizerFolder = folder, StoreFolder = context.Folder.Shared(Stores.Name) };
        if (context.Restored is { } done)
        {
            context.GiveOutput(ReadBack(context, saved, text, done));
            return done.Summary;
        }
        var isGiven = options.TokenizerFolder is not null || options.Tokenizer is not null;
        context.ShowProgress(0.1, isGiven ? "reading the tokenizer" : $"learning {options.VocabularySize} tokens");
        var transformer = context.Ml.Rllc.TokenizeText(options).Fit(text);
        SaveTokenizer(context, transformer, folder);

        context.ShowProgress(0.6, "packing contexts");
        var contexts = (ContextDataView)context.Ml.Rllc.TokenizeText(saved).Fit(text).Transform(text);
        context.GiveOutput(new TokenizedText(transformer, contexts));
        KeepStore(context, contexts.Store!);
        return Summary(options, transformer, contexts.Store!, isGiven);
    }

    // Reading a vocabulary reads no text.
    private static TokenizedText ReadBack(StudyContext context, TokenizeTextOptions saved, IDataView text, Manifest done)
    {
        var known = context.Ml.Rllc.TokenizeText(saved with { StoreFolder = null }).Fit(text);
        var manifest = done.Files!.Single(f => f.Path.EndsWith($"/{TokenStore.ManifestFile}", StringComparison.Ordinal));
        var file = manifest.In(context.Folder.Path);
        var store = TokenStore.Open(Path.GetDirectoryName(file)!, known.Tokenizer);
        return new(known, HeldContexts.ReadFrom(store, known.Tokenizer.BosId));
    }

    private static void SaveTokenizer(StudyContext context, TokenizeTextTransformer transformer, string folder)
    {
        // Another tokenizer may have left files of other names.
        SharedFile.Delete(folder);
        transformer.Tokenizer.Save(folder);
        foreach (var file in RunFiles.In(folder)) context.KeepFile(file);
    }

    private static void KeepStore(StudyContext context, TokenStore store)
    {
        foreach (var file in RunFiles.In(store.Folder)) context.KeepFile(file);
        context.ReferToContent([store.Folder]);
    }

    private static string Summary(TokenizeTextOptions options, TokenizeTextTransformer transformer, TokenStore store, bool isGiven)
    {
        var padding = transformer.Tokenizer is ByteLevelTokenizer bytes ? bytes.Vocabulary.Size - bytes.Vocabulary.Known : 0;
        return $"{store.Count("train") + store.Count("validation"):N0} contexts of {options.ContextLength} tokens"
            + (padding > 0 ? $"; {padding:N0} of {options.VocabularySize:N0} tokens are padding, which no text gives" : "")
            + (isGiven ? $"; documents begin with the id {transformer.Tokenizer.BosId}" : "");
    }
}
