using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Testing;

/// <summary>A row of a grid whose rLLC is known.</summary>
/// <param name="Step">Training step.</param>
/// <param name="Component">The component, such as <c>l0h3</c>.</param>
/// <param name="Dataset">Name of the dataset.</param>
/// <param name="Rllc">What an estimate of it must come near, dimensionless.</param>
public sealed record KnownRow(int Step, string Component, string Dataset, double Rllc);

/// <summary>A grid in memory with loss traces that nobody sampled: rows as <c>SampleSgld</c> gives them, of
/// which the right rLLC is known. What comes after sampling in a chain can be tested with it in
/// milliseconds.</summary>
public static class KnownTraces
{
    /// <summary>nbeta of every row.</summary>
    public const double NBeta = 30;

    private const int Chains = 4, Draws = 50;

    /// <summary>The rows, with the columns <c>Step</c>, <c>Component</c>, <c>Dataset</c>, <c>Checkpoint</c>
    /// (empty), <c>Losses</c>, <c>BaselineLosses</c>, <c>MalaAcceptance</c>, <c>NBeta</c> and
    /// <c>SampleStatus</c> (empty).</summary>
    /// <param name="ml">The context.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="noise">Standard deviation of a draw's <c>nbeta (loss - baseline)</c> about the rLLC; draws
    /// are independent, so an estimate's standard error is about this by the root of 200.</param>
    /// <param name="seed">Chooses the noise.</param>
    public static IDataView Grid(MLContext ml, IEnumerable<KnownRow> rows, double noise = 0.1, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(rows);
        return ml.Data.LoadFromEnumerable(rows.Select(row =>
        {
            var baseline = Normals(Draws, seed, "baseline", row.Dataset).Select(z => 3 + 0.2 * z).ToArray();
            var draws = Normals(Chains * Draws, seed, row.Step, row.Component, row.Dataset);
            return new KnownTraceRow
            {
                Step = row.Step,
                Component = row.Component,
                Dataset = row.Dataset,
                Losses = [.. draws.Select((z, i) => baseline[i % Draws] + (row.Rllc + noise * z) / NBeta)],
                BaselineLosses = baseline,
                MalaAcceptance = [.. Enumerable.Repeat(0.9, Chains)],
                NBeta = NBeta,
            };
        }).ToList());
    }

    private static float[] Normals(int count, params object[] names)
    {
        var values = new float[count];
        NamedRandom.Stream(names).Normals(values, 0);
        return values;
    }

    private sealed class KnownTraceRow
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public string Dataset { get; set; } = "";

        public string Checkpoint { get; set; } = "";

        [VectorType(Chains, Draws)]
        public double[] Losses { get; set; } = [];

        [VectorType(Draws)]
        public double[] BaselineLosses { get; set; } = [];

        [VectorType(Chains)]
        public double[] MalaAcceptance { get; set; } = [];

        public double NBeta { get; set; }

        public string SampleStatus { get; set; } = "";
    }
}
