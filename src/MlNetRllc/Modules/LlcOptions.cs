using System.ComponentModel;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>Some parameters of a module, under a name: what is sampled while the rest stays fixed.</summary>
/// <param name="Name">Name of the selection, the slot name of its estimate.</param>
/// <param name="Parameters">Names of whole parameters, as <c>named_parameters</c> gives them, with <c>*</c> at
/// the end for all that begin so.</param>
public sealed record ParameterSelection(string Name, params IReadOnlyList<string> Parameters)
{
    /// <summary>Runs of values within parameters, beside <see cref="Parameters"/>: one head of a packed weight, say.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; init; } = [];

    /// <summary>All parameters: the (unrefined) local learning coefficient.</summary>
    public static ParameterSelection All { get; } = new("full", "*");

    /// <summary>The slices that are meant, each value once.</summary>
    /// <param name="sizes">Number of values of each parameter.</param>
    internal IReadOnlyList<ParameterSlice> In(IReadOnlyDictionary<string, int> sizes)
    {
        var whole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in Parameters)
        {
            var found = sizes.Keys.Where(name => pattern.EndsWith('*')
                ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern).ToList();
            if (found.Count == 0)
                throw new ArgumentException(
                    $"The selection '{Name}' asks for '{pattern}'; "
                    + $"the module has the parameters {string.Join(", ", sizes.Keys)}.");
            whole.UnionWith(found);
        }
        var ordered = Slices.OrderBy(s => s.Weight, StringComparer.Ordinal).ThenBy(s => s.Start);
        foreach (var (slice, next) in ordered.Zip(ordered.Skip(1)))
            if (slice.Weight == next.Weight && slice.Start + (long)slice.Length > next.Start)
                throw new ArgumentException($"The selection '{Name}' has overlapping slices of '{slice.Weight}'.");
        ParameterSlice[] slices = [.. sizes.Where(s => whole.Contains(s.Key)).Select(s => new ParameterSlice(s.Key, 0, s.Value)),
            .. Slices.Where(s => !whole.Contains(s.Weight))];
        return slices.Length > 0 ? slices : throw new ArgumentException($"The selection '{Name}' names no parameter.");
    }
}

/// <summary>How the learning coefficients of a module are estimated, and from which columns.</summary>
public sealed record LlcOptions
{
    /// <summary>Column of features: a number, or a vector of known size, of Single, Double, Int32 or Int64.</summary>
    [Description("column of features")]
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>Column of labels: as features may be, or a Boolean or a key. A key becomes a class number from 0.</summary>
    [Description("column of labels")]
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Shape of one row's features as the module wants them, such as 1, 8, 8 for a grey image; empty
    /// takes the column's own.</summary>
    [Description("shape of one row's features")]
    public IReadOnlyList<long> FeatureShape { get; init; } = [];

    /// <summary>What is sampled; each selection gives one estimate.</summary>
    [Description("what is sampled, by names of parameters")]
    public IReadOnlyList<ParameterSelection> Selections { get; init; } = [ParameterSelection.All];

    /// <summary>Step size, temperature, chains, draws. Engine, Precision and HeadBiases mean nothing here.</summary>
    /// <remarks>NBeta scales the estimate's temperature: for the LLC of a whole model on n rows, n / ln n is customary
    /// (Lau et al., arXiv 2308.12108).</remarks>
    [Description("step size, temperature, chains, draws")]
    public SgldOptions Sampling { get; init; } = new();

    /// <summary>Baseline, discarded draws, limits of the status.</summary>
    [Description("baseline, discarded draws, limits of the status")]
    public EstimationOptions Estimation { get; init; } = new();

    /// <summary>Told of every step, on the thread that samples.</summary>
    [JsonIgnore]
    public IProgress<SamplingProgress>? Progress { get; init; }

    /// <summary>Stops between steps.</summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }
}
