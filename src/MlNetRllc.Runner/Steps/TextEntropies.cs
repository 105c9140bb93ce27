using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Training;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>What counts of a model's text tell of its loss:
/// the entropies of the validation text under the training text's unigrams and bigrams.</summary>
internal static class TextEntropies
{
    public const string Unigram = "unigramEntropy", Bigram = "bigramEntropy";

    /// <summary>Tells both under a model step's name, nats per token.</summary>
    public static void Tell(StudyContext context, ContextSet train, ContextSet validation, int vocabulary)
    {
        var entropy = NGramEntropy.Predicting(train, validation, vocabulary);
        context.TellNumber(Unigram, entropy.Unigram);
        context.TellNumber(Bigram, entropy.Bigram);
    }
}
