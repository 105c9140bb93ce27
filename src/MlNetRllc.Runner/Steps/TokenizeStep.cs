using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Runner.Steps;

/// <summary>What a tokenize step gives.</summary>
/// <param name="Transformer">Tokenizes further datasets with the same vocabulary.</param>
/// <param name="Contexts">The text's contexts, with the column Split.</param>
internal sealed record TokenizedText(TokenizeTextTransformer Transformer, IDataView Contexts);

/// <summary>Learns the vocabulary and packs the text into contexts.</summary>
internal static class TokenizeStep
{
    public static string Run(StudyContext context, StepSpec step)
    {
        var options = step.Get<TokenizeTextOptions>();
        var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[step.Input("text")]);
        var folder = context.Folder.At("tokenizers", step.Name);
        // Learned or given, the tokenizer is read from the run's own copy, so that the run stays whole without what it came from.
        var saved = options with { Tokenizer = null, TokenizerFolder = folder, StoreFolder = context.Folder.Shared("tokens") };
        if (context.Restored is { } done)
        {
            // Reading a vocabulary reads no text.
            var known = context.Ml.Rllc.TokenizeText(saved with { StoreFolder = null }).Fit(text.View);
            var file = done.Files!.Single(f => f.Path.EndsWith($"/{TokenStore.ManifestFile}", StringComparison.Ordinal)).In(context.Folder.Path);
            context.Put(step, new TokenizedText(known, HeldContexts.ReadFrom(TokenStore.Open(Path.GetDirectoryName(file)!, known.Tokenizer), known.Tokenizer.BosId)));
            return done.Summary;
        }
        var isGiven = options.TokenizerFolder is not null || options.Tokenizer is not null;
        context.Display.Progress(step.Name, 0.1, isGiven ? "reading the tokenizer" : $"learning {options.VocabularySize} tokens");
        var transformer = context.Ml.Rllc.TokenizeText(options).Fit(text.View);
        // Another tokenizer may have left files of other names.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        transformer.Tokenizer.Save(folder);
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal)) context.Keep(file);

        context.Display.Progress(step.Name, 0.6, "packing contexts");
        var contexts = (ContextDataView)context.Ml.Rllc.TokenizeText(saved).Fit(text.View).Transform(text.View);
        var store = contexts.Store!;
        foreach (var file in Directory.GetFiles(store.Folder).Order(StringComparer.Ordinal)) context.Keep(file);
        context.Refer([store.Folder]);
        context.Put(step, new TokenizedText(transformer, contexts));
        var padding = transformer.Tokenizer is ByteLevelTokenizer bytes ? bytes.Vocabulary.Size - bytes.Vocabulary.Known : 0;
        return $"{store.Count("train") + store.Count("validation"):N0} contexts of {options.ContextLength} tokens"
            + (padding > 0 ? $"; {padding:N0} of {options.VocabularySize:N0} tokens are padding, which no text gives" : "")
            + (isGiven ? $"; documents begin with the id {transformer.Tokenizer.BosId}" : "");
    }
}
