namespace MlNetRllc.Runner.Steps;

/// <summary>A number of heads, such as their profile on a pattern.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Values">By head; of those that lack, it is missing.</param>
internal sealed record HeadFeature(string Name, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The probe set and pattern that it is of; empty for another.</summary>
    public (string Probe, string Pattern) Of { get; init; } = ("", "");

    /// <summary>Whether it is the value on a whole probe set: how much a head counts there, not where.</summary>
    public bool IsWhole => Of.Pattern == PatternFeatures.WholeSet;

    /// <summary>The value of a head; NaN where it is missing.</summary>
    public double this[string head] => Values.GetValueOrDefault(head, double.NaN);

    /// <summary>Whether an option's text means its pattern: as pattern, or as probe/pattern.</summary>
    public bool IsNamed(string text) => text == Of.Pattern || text == $"{Of.Probe}/{Of.Pattern}";
}

/// <summary>Features by which heads may be told apart.</summary>
/// <param name="Name">Where they come from.</param>
/// <param name="Features">Those that count.</param>
/// <param name="Note">What must be known of them.</param>
internal sealed record FeatureSource(string Name, IReadOnlyList<HeadFeature> Features, string Note = "")
{
    /// <summary>Features by which heads are ordered, whether they count or not; null where that has no meaning.</summary>
    public IReadOnlyList<HeadFeature>? Ordering { get; init; }
}
