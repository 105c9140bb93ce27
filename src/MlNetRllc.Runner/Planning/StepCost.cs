namespace MlNetRllc.Runner.Planning;

/// <summary>What it costs to do a step from its beginning.</summary>
/// <param name="Size">What there is to do, in words.</param>
/// <param name="Seconds">Time; NaN where it depends on a text that is not here.</param>
/// <param name="MemoryBytes">Memory at its peak, besides that of the program.</param>
/// <param name="DiskBytes">What it writes.</param>
internal sealed record StepCost(string Size, double Seconds, double MemoryBytes, double DiskBytes)
{
    /// <summary>Of what only reads tables and writes tables.</summary>
    public static StepCost OfMoments { get; } = new("", 1, 0, 0);
}

/// <summary>What of a step is still to be done.</summary>
/// <param name="Share">From 0 to 1.</param>
/// <param name="Begun">What an earlier run has done already, in words; empty when nothing.</param>
internal sealed record StepRemainder(double Share, string Begun)
{
    /// <summary>Nothing is there yet.</summary>
    public static StepRemainder Whole { get; } = new(1, "");
}
