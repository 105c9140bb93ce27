namespace MlNetRllc.Runner.Pipelines;

/// <summary>What steps may name of a file's texts.</summary>
/// <param name="Datasets">Names of the datasets.</param>
/// <param name="Masked">Those of which only some tokens count.</param>
/// <param name="Probes">The probe sets.</param>
internal sealed record NamedTexts(
    IReadOnlyList<string> Datasets,
    IReadOnlyDictionary<string, MaskedDataset> Masked,
    IReadOnlyDictionary<string, ProbeOptions> Probes);
