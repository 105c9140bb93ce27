namespace MlNetRllc.Runner.Planning;

/// <summary>What a run would do with a step.</summary>
/// <param name="Name">The step; behind its combination's name in a sweep.</param>
/// <param name="State">cached, shared (another combination does it), stale or new.</param>
/// <param name="Why">What changed, when it is stale; what is there already, when it was begun.</param>
/// <param name="Size">What there is to do, in words.</param>
/// <param name="Seconds">Estimated time of what is left to do; NaN where it depends on a text that is not here.</param>
/// <param name="MemoryBytes">Estimated peak memory.</param>
/// <param name="DiskBytes">Estimated bytes still to be written.</param>
internal sealed record PlannedStep(
    string Name, string State, string Why, string Size, double Seconds, double MemoryBytes, double DiskBytes);
