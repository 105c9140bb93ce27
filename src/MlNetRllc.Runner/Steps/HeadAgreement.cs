using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Heads;

namespace MlNetRllc.Runner.Steps;

/// <summary>How far clusters of heads agree with the heads' types.</summary>
/// <remarks>Heads whose curves have fewer than 2 values are in no cluster, and count in no agreement;
/// nor do heads whose type is unclear, for there is nothing that they could agree with.</remarks>
/// <param name="types">By head; null where heads have none, and then nothing agrees.</param>
internal sealed class HeadAgreement(IReadOnlyDictionary<string, string>? types)
{
    private static readonly string Unclear = HeadClass.WordOf(HeadType.Unclear);

    /// <summary>Whether there are types to agree with.</summary>
    public bool HasTypes => types is not null;

    /// <summary>The type of a head; empty where it is not known.</summary>
    public string TypeOf(string component) => types?.GetValueOrDefault(component) ?? "";

    /// <summary>Adjusted Rand index, normalised and adjusted mutual information; NaN for fewer than two heads of known type.</summary>
    /// <param name="clustered">Heads with their clusters; -1 for none.</param>
    public (double Rand, double Information, double AdjustedInformation) With(IEnumerable<(string Component, int Label)> clustered)
    {
        if (types is null) return (double.NaN, double.NaN, double.NaN);
        var known = clustered.Where(c => c.Label >= 0 && types.TryGetValue(c.Component, out var type) && type != Unclear).ToList();
        if (known.Count < 2) return (double.NaN, double.NaN, double.NaN);
        int[] labels = [.. known.Select(c => c.Label)];
        string[] named = [.. known.Select(c => types[c.Component])];
        return (ClusterAgreement.AdjustedRandIndex(labels, named), ClusterAgreement.NormalizedMutualInformation(labels, named),
            ClusterAgreement.AdjustedMutualInformation(labels, named));
    }
}
