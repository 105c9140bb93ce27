using Microsoft.ML;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling.Observables;
using MlNetRllc.Grid;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Steps;

/// <summary>What a head's chains do to each token of some probe sets.</summary>
/// <param name="Row">The head, at its checkpoint and on its dataset.</param>
/// <param name="Head">The head.</param>
/// <param name="Probes">The probe sets that it could be read on.</param>
internal sealed record HeadResponses(GridRow Row, HeadName Head, IReadOnlyList<(ProbeSet Probe, TokenResponses Responses)> Probes);

/// <summary>Reads what a sample step kept of single tokens.</summary>
internal static class SampledTokens
{
    /// <summary>Every head at the last checkpoint that was sampled, one after the other.</summary>
    /// <remarks>Probe sets that ask a question hold random tokens: they are read only where there is no other.</remarks>
    /// <param name="context">The step that reads.</param>
    /// <param name="sample">The sample step.</param>
    /// <exception cref="InvalidDataException">What was kept is gone.</exception>
    public static IEnumerable<HeadResponses> Read(StudyContext context, StepSpec sample)
    {
        var contexts = SampledContexts.Load(context, sample);
        var (rows, sampler) = SampleStep.Reopen(context, sample, contexts);
        var byText = contexts.Probes.Index().ToLookup(p => context.Pipeline.Probes[p.Item.Name].Question is null);
        var probes = byText.Contains(true) ? byText[true] : byText[false];
        var traces = NBetas(context, sample);
        var last = rows.Max(r => r.Step);
        foreach (var row in rows.Where(r => r.Step == last))
        {
            if (HeadName.TryParse(row.Component) is not { } head) continue;
            if (!traces.TryGetValue((row.Component, row.Dataset), out var nBeta)) continue;
            context.Cancellation.ThrowIfCancellationRequested();
            var read = probes.Select(p => (p.Item, Responses: TokenResponses.From(
                sampler.TokensOf(row, p.Index) ?? throw Gone(sample, row), nBeta, sampler.Options.Antithetic)));
            yield return new(row, head, [.. read.Where(r => r.Responses is not null).Select(r => (r.Item, r.Responses!))]);
        }
    }

    /// <summary>Of the rows at the last checkpoint that could be sampled.</summary>
    private static Dictionary<(string Component, string Dataset), double> NBetas(StudyContext context, StepSpec sample)
    {
        var rows = context.Ml.Data.CreateEnumerable<KeptRow>(context.ReadInput<IDataView>(ExamplesStep.Tokens), reuseRowObject: false)
            .Where(r => r.SampleStatus.Length == 0).ToList();
        if (rows.Count == 0)
            throw new InvalidDataException($"the step '{sample.Name}' sampled no row, so it kept no token; 'rllc show' says why.");
        return rows.Where(r => r.Step == rows.Max(other => other.Step)).ToDictionary(r => (r.Component, r.Dataset), r => r.NBeta);
    }

    private static InvalidDataException Gone(StepSpec sample, GridRow row) => new(
        $"what '{sample.Name}' kept of the tokens of {row.Component} on '{row.Dataset}' is gone; "
        + $"sample it again with --force {sample.Name}.");

    private sealed class KeptRow
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public string SampleStatus { get; set; } = "";

        public double NBeta { get; set; }
    }
}
