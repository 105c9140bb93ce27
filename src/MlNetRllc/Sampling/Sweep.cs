using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using TorchSharp;

namespace MlNetRllc.Sampling;

/// <summary>How far the group of rows in progress is.</summary>
/// <param name="Checkpoint">Its checkpoint.</param>
/// <param name="Dataset">Its dataset.</param>
/// <param name="Components">Components sampled in lock-step.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record SweepProgress(string Checkpoint, string Dataset, int Components, int Step, int Steps);

/// <summary>What a row's sampling gave: a trace, or why there is none.</summary>
internal sealed record SweepResult(LossTrace? Trace, string Status);

/// <summary>Samples rows of a grid, a whole group (one checkpoint, one dataset) in lock-step, each row at most once.</summary>
internal sealed class Sweep(
    IReadOnlyDictionary<string, ContextSet> datasets, SgldOptions options, RowStore store, IHost host,
    IProgress<SweepProgress>? progress, ReferenceModel? reference, ProbeObservation? observed, CancellationToken cancellation,
    Sweep? like = null)
{
    private readonly Stopping stopping = new(host, cancellation);
    private readonly Once<torch.Device> device = like?.device ?? new(() =>
    {
        using var channel = host.Start("sampling");
        return Devices.Choose(host, channel);
    });
    private readonly Known known = like?.known ?? new();
    private readonly string? observedKey = StoredWorkKey.ObservedOf(observed);
    private readonly string? tokensKey = StoredWorkKey.ObservedOf(
        observed is null ? null : observed with { Probes = [.. observed.Probes.Select(p => new ProbeSet(p.Name, p.Contexts))] });

    /// <summary>Least time between two lines of the log.</summary>
    internal TimeSpan LogInterval { get; set; } = StepWatch.LogInterval;

    /// <summary>The result of one row; samples the rows of its group that no store has yet.</summary>
    /// <param name="checkpoint">Path of a safetensors file.</param>
    /// <param name="dataset">Name of a dataset.</param>
    /// <param name="component">Name of a component.</param>
    /// <param name="group">Components of the same checkpoint and dataset that will be asked for too.</param>
    public SweepResult Row(string checkpoint, string dataset, string component, IReadOnlyList<string> group)
    {
        // One group at a time: a group already uses every core.
        stopping.Enter(known.Gate);
        try
        {
            RowGroup rows;
            try
            {
                var contexts = datasets.TryGetValue(dataset, out var found) ? found
                    : throw new ArgumentException($"The dataset '{dataset}' is unknown; there are: {string.Join(", ", datasets.Keys)}.");
                var (config, weightsKey) = Identify(checkpoint);
                var wanted = Component.Parse(component, config, options.HeadBiases).Name;
                var key = KeyOf(config, weightsKey, wanted, contexts);
                var kept = KeptKeyOf(config, weightsKey, wanted, contexts);
                if (Find(key, kept) is { } trace) return new(trace, "");
                if (known.Failures.TryGetValue(key.Row, out var reason)) return new(null, reason);
                contexts.CheckedAgainst(config, options.BatchSize);
                var missing = Missing(group.Append(wanted), config, weightsKey, contexts);
                // Another reader of the store may have put the row since it was looked for.
                if (!missing.Contains(wanted)) return new(Find(key, kept), "");
                rows = new(checkpoint, config, weightsKey, contexts, missing, wanted);
            }
            catch (Exception e) when (IsFaultOfRow(e) || e is IOException or UnauthorizedAccessException)
            {
                return new(null, OneLine(e));
            }
            // Outside: a disk that takes no rows is no fault of a row's, and ends the sweep.
            return Sample(rows);
        }
        finally
        {
            known.Gate.Exit();
        }
    }

    /// <summary>The key of a row, or null when asking for it would say why it cannot be sampled.</summary>
    public RowKey? KeyOfRow(string checkpoint, string dataset, string component) => KeysOfRow(checkpoint, dataset, component)?.Row;

    /// <summary>The same, with the key of what the row keeps of single tokens.</summary>
    public (RowKey Row, RowKey Kept)? KeysOfRow(string checkpoint, string dataset, string component)
    {
        lock (known.Gate)
        {
            try
            {
                var (config, weightsKey) = Identify(checkpoint);
                if (!datasets.TryGetValue(dataset, out var contexts)) return null;
                contexts.CheckedAgainst(config, options.BatchSize);
                var name = Component.Parse(component, config, options.HeadBiases).Name;
                return (KeyOf(config, weightsKey, name, contexts), KeptKeyOf(config, weightsKey, name, contexts));
            }
            catch (Exception e) when (IsFaultOfRow(e) || e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>What a row keeps of single tokens on a probe set, in the order of draws; null where it keeps none, or they are
    /// gone.</summary>
    public IEnumerable<TokenRecord>? TokensOfRow(string checkpoint, string dataset, string component, int probe)
    {
        if (!KeepsTokens || KeysOfRow(checkpoint, dataset, component) is not { } keys) return null;
        var path = TokenPathsOf([keys.Kept])[0, probe];
        return File.Exists(path) ? TokenSpool.RecordsIn(path) : null;
    }

    /// <summary>The model of a checkpoint; null when asking for a row of it would say why it cannot be read.</summary>
    public TransformerConfig? ConfigOf(string checkpoint)
    {
        lock (known.Gate)
        {
            try { return Identify(checkpoint).Config; }
            catch (Exception e) when (IsFaultOfRow(e) || e is IOException or UnauthorizedAccessException) { return null; }
        }
    }

    private SweepResult Sample(RowGroup rows)
    {
        var (checkpoint, config, weightsKey, contexts, components, wanted) = rows;
        using var channel = host.Start("sampling");
        var work = $"{components.Count} components of {checkpoint} on '{contexts.Name}'";
        var keys = components.ConvertAll(component => KeyOf(config, weightsKey, component, contexts));
        var kept = components.ConvertAll(component => KeptKeyOf(config, weightsKey, component, contexts));
        if (FromKeptDraws(checkpoint, keys, kept) is { } found) return new(found[components.IndexOf(wanted)], "");
        channel.Info($"Sampling {work}: {options.Chains} chains x {options.Draws} draws.");
        var watch = new StepWatch(channel, work, stopping,
            p => progress?.Report(new(checkpoint, contexts.Name, components.Count, p.Step, p.Steps))) { Interval = LogInterval };
        IReadOnlyList<LossTrace> traces;
        using var tokens = KeepsTokens ? new TokenSpool(TokenPathsOf(kept)) : null;
        try
        {
            var weights = Load(checkpoint).Weights;
            var sampler = new SgldSampler(config, weights, contexts)
            {
                Reference = reference,
                Device = device.Value,
                Probes = observed?.Probes ?? [],
                // Shared contexts were refused when the estimator was fitted.
                Observation = (observed?.Options ?? new()) with { AllowShared = true },
                TokenSink = tokens,
            };
            traces = sampler.Sample(components, options, watch, cancellation);
            tokens?.Commit();
        }
        catch (Exception e) when (IsFaultOfRow(e) && !ReferenceEquals(e, watch.Thrown))
        {
            foreach (var key in keys) known.Failures[key.Row] = OneLine(e);
            channel.Warning($"{checkpoint} on '{contexts.Name}' cannot be sampled: {OneLine(e)}");
            return new(null, OneLine(e));
        }
        Put(keys, traces);
        if (KeepsDraws && kept[0] != keys[0]) Put(kept, [.. traces.Select(trace => trace with { Observations = null })]);
        return new(traces[components.IndexOf(wanted)], "");
    }

    /// <summary>The rows with their observations made anew from kept draws, or null where one has none: patterns that came later ask
    /// for no sampling.</summary>
    private List<LossTrace>? FromKeptDraws(string checkpoint, List<RowKey> keys, List<RowKey> kept)
    {
        if (!KeepsDraws || kept[0] == keys[0]) return null;
        if (options.Engine == SamplingEngine.Autograd || device.Value.type != DeviceType.CPU) return null; // They round otherwise.
        var paths = TokenPathsOf(kept);
        if (paths.Cast<string>().Any(path => !File.Exists(path))) return null;
        var rows = new List<(LossTrace Trace, string[] Files)>();
        for (var r = 0; r < kept.Count; r++)
        {
            if (store.Find(kept[r], Warn) is not { } trace) return null;
            rows.Add((trace, [.. Enumerable.Range(0, paths.GetLength(1)).Select(p => paths[r, p])]));
        }
        using var channel = host.Start("sampling");
        channel.Info($"The patterns of {keys.Count} components of {checkpoint} are found in the draws that were kept; nothing is sampled.");
        var (config, weights) = Load(checkpoint);
        var draws = new KeptDraws(config, weights, observed!);
        List<LossTrace> traces = [.. rows.Select(row => draws.Observe(row.Trace, probe => TokenSpool.RecordsIn(row.Files[probe])))];
        Put(keys, traces);
        return traces;
    }

    private void Put(List<RowKey> keys, IReadOnlyList<LossTrace> traces) =>
        store.Put(keys[0].Group, [.. keys.Zip(traces, (key, trace) => KeyValuePair.Create(key.Row, trace))]);

    private bool KeepsDraws => observed is { Probes.Count: > 0, Options.Tokens: KeptTokens.Draws };

    private bool KeepsTokens => observed is { Probes.Count: > 0, Options.Tokens: not KeptTokens.None };

    /// <summary>A row that is stored, with what it keeps of single tokens.</summary>
    private LossTrace? Find(RowKey key, RowKey kept) =>
        KeepsTokens && TokenPathsOf([kept]).Cast<string>().Any(path => !File.Exists(path)) ? null : store.Find(key, Warn);

    /// <summary>Where rows keep single tokens, [row, probe].</summary>
    private string[,] TokenPathsOf(List<RowKey> keys)
    {
        var paths = new string[keys.Count, observed!.Probes.Count];
        for (var r = 0; r < keys.Count; r++)
            for (var p = 0; p < observed.Probes.Count; p++)
                paths[r, p] = RowPaths.TokensIn(store.Folder!, keys[r], observed.Probes[p].Name);
        return paths;
    }

    private void Warn(string message)
    {
        using var channel = host.Start("sampling");
        channel.Warning(message);
    }

    // What Core says of a checkpoint, component or dataset that cannot be sampled, and would say again. Its kin
    // (a null, an index out of range) are mistakes of the program, and what the system says may pass: both are
    // the caller's to see.
    private static bool IsFaultOfRow(Exception e) => e.GetType() == typeof(ArgumentException) || e is InvalidDataException;

    /// <summary>The valid components of a group that are not in the store, each once, in order.</summary>
    private List<string> Missing(IEnumerable<string> group, TransformerConfig config, string weightsKey, ContextSet contexts)
    {
        var missing = new List<string>();
        foreach (var name in group)
        {
            string parsed;
            try { parsed = Component.Parse(name, config, options.HeadBiases).Name; }
            catch (ArgumentException) { continue; } // That row reports it itself.
            if (missing.Contains(parsed)) continue;
            var (key, kept) = (KeyOf(config, weightsKey, parsed, contexts), KeptKeyOf(config, weightsKey, parsed, contexts));
            if (Find(key, kept) is null) missing.Add(parsed);
        }
        return missing;
    }

    private RowKey KeyOf(TransformerConfig config, string weightsKey, string component, ContextSet contexts) =>
        KeyOf(config, weightsKey, component, contexts, observedKey);

    /// <summary>The key of what a row keeps of single tokens, which no pattern changes.</summary>
    private RowKey KeptKeyOf(TransformerConfig config, string weightsKey, string component, ContextSet contexts) =>
        KeyOf(config, weightsKey, component, contexts, tokensKey);

    private RowKey KeyOf(TransformerConfig config, string weightsKey, string component, ContextSet contexts, string? observing)
    {
        var elsewhere = device.Value.type == DeviceType.CPU ? null : $"{device.Value.type}";
        var (against, on) = (reference?.Weights.Key, StoredWorkKey.PlaceOf(config, options.Engine, elsewhere));
        return new(StoredWorkKey.RowGroup(weightsKey, contexts.Name, contexts.Key, options, against, on, observing),
            StoredWorkKey.Row(weightsKey, component, contexts.Name, contexts.Key, options, against, on, observing));
    }

    private (TransformerConfig Config, string WeightsKey) Identify(string path)
    {
        if (known.Seen.TryGetValue(CheckpointStamp.StampOf(path), out var seen)) return seen;
        var (config, weights) = Load(path);
        return known.Seen[CheckpointStamp.StampOf(path)] = (config, weights.Key);
    }

    private (TransformerConfig Config, WeightSet Weights) Load(string path)
    {
        var stamp = CheckpointStamp.StampOf(path);
        if (known.Loaded is { } held && held.From == stamp) return (held.Config, held.Weights);
        var (config, weights) = Checkpoint.Load(path);
        known.Loaded = (stamp, config, weights);
        return (config, weights);
    }

    private static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Rows that are sampled together: components of one checkpoint on one dataset.</summary>
    /// <param name="Checkpoint">Path of the checkpoint.</param>
    /// <param name="Config">Its model's shape.</param>
    /// <param name="WeightsKey">Key of its weights.</param>
    /// <param name="Contexts">The dataset.</param>
    /// <param name="Components">The components that no store has yet, each once.</param>
    /// <param name="Wanted">The one of them that was asked for.</param>
    private sealed record RowGroup(
        string Checkpoint, TransformerConfig Config, string WeightsKey, ContextSet Contexts, List<string> Components, string Wanted);

    /// <summary>What is known of checkpoints and rows, whoever asks: sweeps that differ in token, progress and
    /// store share it, and take turns.</summary>
    private sealed class Known
    {
        public Lock Gate { get; } = new();

        public Dictionary<string, string> Failures { get; } = new(StringComparer.Ordinal);

        public Dictionary<CheckpointStamp, (TransformerConfig Config, string Key)> Seen { get; } = [];

        public (CheckpointStamp From, TransformerConfig Config, WeightSet Weights)? Loaded { get; set; }
    }
}
