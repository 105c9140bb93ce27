namespace MlNetRllc.Runner.Runs;

/// <summary>Numbers by name: those of the steps before, and those that this step adds.</summary>
internal sealed class StepResults(IReadOnlyDictionary<string, double> before)
{
    private readonly Dictionary<string, double> own = new(StringComparer.Ordinal);

    /// <summary>What this step added.</summary>
    public IReadOnlyDictionary<string, double> Own => own;

    public double this[string name]
    {
        get => own.TryGetValue(name, out var value) ? value : before[name];
        set => own[name] = value;
    }

    public double GetValueOrDefault(string name, double otherwise) =>
        own.TryGetValue(name, out var value) ? value : before.GetValueOrDefault(name, otherwise);
}
