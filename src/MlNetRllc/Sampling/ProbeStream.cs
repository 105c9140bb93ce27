using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Patterns;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Probe sets in a model file: contexts as those of datasets, patterns as what they pick.</summary>
internal static class ProbeStream
{
    private const string Name = "Observed";

    public static void Write(ModelSaveContext ctx, ProbeObservation observed)
    {
        var packed = new PackedProbes(observed.Options, [.. observed.Probes.Select(PackedSet.From)]);
        ctx.SaveBinaryStream(Name, writer => writer.Write(JsonSerializer.Serialize(packed, SamplingJson.Default.Kept<PackedProbes>())));
    }

    public static ProbeObservation? Read(ModelLoadContext ctx)
    {
        PackedProbes? packed = null;
        ctx.TryLoadBinaryStream(
            Name, reader => packed = JsonSerializer.Deserialize(reader.ReadString(), SamplingJson.Default.Kept<PackedProbes>()));
        return packed is null ? null : new([.. packed.Sets.Select(s => s.ToSet())], packed.Options);
    }

    internal sealed record PackedProbes(ObservableOptions Options, IReadOnlyList<PackedSet> Sets);

    internal sealed record PackedSet(
        string Name, string Text, int ContextLength, IReadOnlyList<int> Tokens, IReadOnlyList<PackedPattern> Patterns)
    {
        public static PackedSet From(ProbeSet set) => new(set.Name, set.Contexts.Name, set.Contexts.ContextLength,
            [.. Enumerable.Range(0, set.Contexts.Count).SelectMany(c => set.Contexts[c].ToArray())],
            [.. set.Patterns.Select(pattern => PackedPattern.From(pattern, set))]);

        public ProbeSet ToSet() => new(Name, new(Text, Tokens.ToArray(), ContextLength), [.. Patterns.Select(p => p.ToPattern())]);
    }

    /// <param name="Name">Its name.</param>
    /// <param name="Description">Its description.</param>
    /// <param name="Flags">What it picks, a 1 or 0 a token; null where losses decide.</param>
    /// <param name="AtLeast">Least loss, where losses decide.</param>
    /// <param name="Below">All losses are below this, where losses decide.</param>
    internal sealed record PackedPattern(string Name, string Description, string? Flags, double AtLeast, double Below)
    {
        public static PackedPattern From(ProbePattern pattern, ProbeSet set) => pattern switch
        {
            LossRange range => new(range.Name, range.Description, null, range.AtLeast, range.Below),
            PickedTokens picked => new(picked.Name, picked.Description,
                string.Concat(picked.Pick(set.Contexts, []).Select(flag => flag ? '1' : '0')), 0, 0),
            _ => throw new NotSupportedException($"The pattern '{pattern.Name}' is of a type of its own ({pattern.GetType().Name}), "
                + "which a model file cannot hold; give its flags as PickedTokens."),
        };

        public ProbePattern ToPattern() => Flags is null ? new LossRange(Name, Description, AtLeast, Below)
            : new PickedTokens(Name, Description, [.. Flags.Select(flag => flag == '1')]);
    }
}
