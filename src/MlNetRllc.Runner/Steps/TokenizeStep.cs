using Microsoft.ML;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;
using MlNetRllc.Text;

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
        var text = context.Ml.Rllc.LoadText(context.Pipeline.Datasets[step.Input("text")]);
        context.Display.Progress(step.Name, 0.1, $"learning {step.Get<TokenizeTextOptions>().VocabularySize} tokens");
        var transformer = context.Ml.Rllc.TokenizeText(step.Get<TokenizeTextOptions>()).Fit(text.View);
        transformer.Tokenizer.Save(context.Folder.At("tokenizer"));
        context.Display.Progress(step.Name, 0.6, "packing contexts");
        var contexts = Contexts.Load(context.Ml, transformer.Transform(text.View));
        context.Put(step, new TokenizedText(transformer, contexts.View));
        return $"{contexts.Count:N0} contexts of {step.Get<TokenizeTextOptions>().ContextLength} tokens";
    }
}
