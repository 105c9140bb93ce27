namespace MlNetRllc.Foundation;

/// <summary>The names of the columns that components read and append.</summary>
public static class RllcColumns
{
    /// <summary>Text: a document.</summary>
    public const string Text = "Text";

    /// <summary>Text: where a document comes from.</summary>
    public const string Document = "Document";

    /// <summary>Vector of Int32: the tokens of a context.</summary>
    public const string Tokens = "Tokens";

    /// <summary>Vector of Boolean: which tokens of a context count in the sampled loss.</summary>
    public const string LossMask = "LossMask";

    /// <summary>Int32: the row of a token's context in its table, from 0.</summary>
    public const string Context = "Context";

    /// <summary>Int32: a token's place in its context, from 1 where it is predicted.</summary>
    public const string Position = "Position";

    /// <summary>Int32: a token's id.</summary>
    public const string Token = "Token";

    /// <summary>Text: what a token stands for.</summary>
    public const string TokenText = "TokenText";

    /// <summary>Text: what the tokens before it stand for.</summary>
    public const string TextBefore = "TextBefore";

    /// <summary>Text: train or validation.</summary>
    public const string Split = "Split";

    /// <summary>Mean next-token loss, nats per token.</summary>
    public const string Loss = "Loss";

    /// <summary>Loss of each token, nats.</summary>
    public const string TokenLosses = "TokenLosses";

    /// <summary>Likeliest next tokens.</summary>
    public const string NextTokens = "NextTokens";

    /// <summary>Their probabilities.</summary>
    public const string NextTokenProbabilities = "NextTokenProbabilities";

    /// <summary>What they stand for.</summary>
    public const string NextTokenTexts = "NextTokenTexts";

    /// <summary>Tokens drawn after the row.</summary>
    public const string Continuation = "Continuation";

    /// <summary>Where each head looks.</summary>
    public const string Attention = "Attention";

    /// <summary>Int32: training step.</summary>
    public const string Step = "Step";

    /// <summary>Text: path of a checkpoint.</summary>
    public const string Checkpoint = "Checkpoint";

    /// <summary>Loss while training, nats per token.</summary>
    public const string TrainLoss = "TrainLoss";

    /// <summary>Loss on text held out, nats per token.</summary>
    public const string ValidationLoss = "ValidationLoss";

    /// <summary>Text: what is sampled or scored, such as <c>l0h3</c>.</summary>
    public const string Component = "Component";

    /// <summary>Text: name of a dataset.</summary>
    public const string Dataset = "Dataset";

    /// <summary>Loss of each draw, [chain, draw], nats per token.</summary>
    public const string Losses = "Losses";

    /// <summary>Loss of the trained weights on the same minibatches, nats per token.</summary>
    public const string BaselineLosses = "BaselineLosses";

    /// <summary>Acceptance of each chain, 0 to 1.</summary>
    public const string MalaAcceptance = "MalaAcceptance";

    /// <summary>What multiplied the loss, dimensionless.</summary>
    public const string NBeta = "NBeta";

    /// <summary>Text: empty, or why the row was not sampled.</summary>
    public const string SampleStatus = "SampleStatus";

    /// <summary>Boolean: whether chains walked in pairs of opposite noise.</summary>
    public const string Antithetic = "Antithetic";

    /// <summary>Boolean: whether the loss's gradient was left out.</summary>
    public const string Control = "Control";

    /// <summary>Relative bias of an estimate by the size of the step, where the pull sets the scale; dimensionless.</summary>
    public const string StepBias = "StepBias";

    /// <summary>Refined local learning coefficient.</summary>
    public const string Rllc = "Rllc";

    /// <summary>Its standard error.</summary>
    public const string RllcStdErr = "RllcStdErr";

    /// <summary>Rank-normalised split R-hat.</summary>
    public const string RHat = "RHat";

    /// <summary>Effective sample size.</summary>
    public const string Ess = "Ess";

    /// <summary>Largest absolute Geweke z-score.</summary>
    public const string Geweke = "Geweke";

    /// <summary>Share of draws below the baseline.</summary>
    public const string NegativeShare = "NegativeShare";

    /// <summary>Second half minus first half, in units of rLLC.</summary>
    public const string Drift = "Drift";

    /// <summary>Text: ok, not-converged, negative, diverged or failed.</summary>
    public const string Status = "Status";

    /// <summary>Text: why; empty when ok.</summary>
    public const string StatusReason = "StatusReason";

    /// <summary>Who sets the estimate: 1 the data, near 0 the prior.</summary>
    public const string DataShare = "DataShare";

    /// <summary>Its standard error.</summary>
    public const string DataShareStdErr = "DataShareStdErr";

    /// <summary>Local learning coefficient of a module's selection.</summary>
    public const string Llc = "Llc";

    /// <summary>Its standard error.</summary>
    public const string LlcStdErr = "LlcStdErr";

    /// <summary>Its R-hat.</summary>
    public const string LlcRHat = "LlcRHat";

    /// <summary>Its effective sample size.</summary>
    public const string LlcEss = "LlcEss";

    /// <summary>Its status.</summary>
    public const string LlcStatus = "LlcStatus";

    /// <summary>Attention from the last of random tokens to the one before it; 0 to 1.</summary>
    public const string PreviousToken = "PreviousToken";

    /// <summary>Attention from the last of random tokens to itself; 0 to 1.</summary>
    public const string CurrentToken = "CurrentToken";

    /// <summary>Attention from the second copy of a token to the place after the first; 0 to 1.</summary>
    public const string PrefixMatching = "PrefixMatching";

    /// <summary>Loss change when the head's output is zero; nats per token.</summary>
    public const string ZeroAblation = "ZeroAblation";

    /// <summary>Loss change when the head's output is its mean over contexts and positions; nats per token.</summary>
    public const string MeanAblation = "MeanAblation";

    /// <summary>Standard error of MeanAblation; nats per token.</summary>
    public const string MeanAblationStdErr = "MeanAblationStdErr";

    /// <summary>Loss change when the head's output is another context's; nats per token.</summary>
    public const string ResampleAblation = "ResampleAblation";

    /// <summary>Loss change when its queries and keys see the mean position everywhere; nats per token.</summary>
    public const string PositionAblation = "PositionAblation";

    /// <summary>Of the tokens that mean ablation changes most: those that induction explains; tokens.</summary>
    public const string InductionTokens = "InductionTokens";

    /// <summary>Of the tokens that mean ablation changes most: those that brackets explain; tokens.</summary>
    public const string BracketTokens = "BracketTokens";

    /// <summary>Of the tokens that mean ablation changes most: those that an n-gram explains; tokens.</summary>
    public const string NGramTokens = "NGramTokens";

    /// <summary>Of the tokens that mean ablation changes most: those that a skip n-gram explains; tokens.</summary>
    public const string SkipNGramTokens = "SkipNGramTokens";

    /// <summary>Of the tokens that mean ablation changes most: those that nothing explains; tokens.</summary>
    public const string UnexplainedTokens = "UnexplainedTokens";

    /// <summary>N-grams and skip n-grams that the head has memorised; multigrams.</summary>
    public const string MemorisedMultigrams = "MemorisedMultigrams";

    /// <summary>Trace of the loss's Hessian over the head's weights; nats per squared weight.</summary>
    public const string HessianTrace = "HessianTrace";

    /// <summary>Trace of the empirical Fisher information over the head's weights; nats per squared weight.</summary>
    public const string FisherTrace = "FisherTrace";

    /// <summary>PreviousToken and CurrentToken of a head that attends to all tokens alike; 0 to 1.</summary>
    public const string LastTokenChance = "LastTokenChance";

    /// <summary>PrefixMatching of a head that attends to all tokens alike; 0 to 1.</summary>
    public const string PrefixMatchingChance = "PrefixMatchingChance";

    /// <summary>Mean loss; nats per token.</summary>
    public const string ModelLoss = "ModelLoss";

    /// <summary>Loss late in the context minus loss early in it; nats per token.</summary>
    public const string InContextLearning = "InContextLearning";

    /// <summary>Cross-entropy of the prediction against the text's own bigrams; nats per token.</summary>
    public const string BigramCrossEntropy = "BigramCrossEntropy";

    /// <summary>Entropy of the bigrams of the text: the least BigramCrossEntropy can be; nats per token.</summary>
    public const string BigramEntropy = "BigramEntropy";

    /// <summary>Loss change when every layer sees the mean position everywhere; nats per token.</summary>
    public const string ModelPositionAblation = "ModelPositionAblation";

    /// <summary>Composition of the queries with each head's output; 0 to 1.</summary>
    public const string QComposition = "QComposition";

    /// <summary>Composition of the keys with each head's output; 0 to 1.</summary>
    public const string KComposition = "KComposition";

    /// <summary>Composition of the values with each head's output; 0 to 1.</summary>
    public const string VComposition = "VComposition";

    /// <summary>Loss change when this head alone reads the other's output as its mean; nats per token.</summary>
    public const string PathAblation = "PathAblation";

    /// <summary>Of words of 2, 3 and 4 tokens: loss on the last token minus the mean loss at its index;
    /// nats per token.</summary>
    public const string NGrams = "NGrams";

    /// <summary>Text: what was not measured, and why.</summary>
    public const string ScoreNotes = "ScoreNotes";

    /// <summary>Text: empty, or why the row has no scores.</summary>
    public const string ScoreStatus = "ScoreStatus";

    /// <summary>Text: what a head does.</summary>
    public const string HeadType = "HeadType";

    /// <summary>Text: why.</summary>
    public const string HeadTypeReason = "HeadTypeReason";

    /// <summary>By how much its score stands out.</summary>
    public const string PreviousTokenMargin = "PreviousTokenMargin";

    /// <summary>Likewise.</summary>
    public const string CurrentTokenMargin = "CurrentTokenMargin";

    /// <summary>Likewise.</summary>
    public const string PrefixMatchingMargin = "PrefixMatchingMargin";

    /// <summary>Its place among the heads.</summary>
    public const string PreviousTokenRank = "PreviousTokenRank";

    /// <summary>Likewise.</summary>
    public const string CurrentTokenRank = "CurrentTokenRank";

    /// <summary>Likewise.</summary>
    public const string PrefixMatchingRank = "PrefixMatchingRank";

    /// <summary>Key: the cluster of a head, from 1.</summary>
    public const string Cluster = "Cluster";

    /// <summary>Distance to each centre.</summary>
    public const string ClusterDistances = "ClusterDistances";

    /// <summary>How well the head fits its cluster, -1 to 1.</summary>
    public const string Silhouette = "Silhouette";
}
