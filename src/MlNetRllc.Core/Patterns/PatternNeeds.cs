namespace MlNetRllc.Core.Patterns;

/// <summary>What a pattern is made from beside the tokens of the contexts.</summary>
[Flags]
public enum PatternNeeds
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>What each token of the vocabulary stands for.</summary>
    TokenTexts = 1,

    /// <summary>A text whose n-grams are counted.</summary>
    TrainingText = 2,

    /// <summary>The trained weights' losses.</summary>
    Losses = 4,
}
