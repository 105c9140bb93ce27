using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Tests.Runner.Report;

/// <summary>A made-up study with the shape of a real one: two layers, two datasets, one head that does not converge.</summary>
internal static class SyntheticStudy
{
    public static StudyReport Create(int heads = 4, int checkpoints = 14, int draws = 50, string title = "quickstart")
    {
        const int chains = 4;
        var random = new Random(7);
        int StepAt(int i) => i == 0 ? 0 : (int)Math.Round(20 * Math.Pow(150, (i - 1) / (double)(checkpoints - 2)));
        var steps = Enumerable.Range(0, checkpoints).Select(StepAt).ToArray();
        var rows = new List<RllcRow>();
        var traces = new List<EstimatedTrace>();
        foreach (var step in steps)
        foreach (var layer in (int[])[0, 1])
        for (var head = 0; head < heads; head++)
        foreach (var dataset in (string[])["docs", "code"])
        {
            var t = Math.Log10(1 + step / 20.0) / Math.Log10(151);
            var value = (1.5 + head * 1.1 + layer * 0.8) * Math.Pow(t, 1 + 0.3 * head)
                + (head == heads - 1 ? -2.2 * Math.Pow(t, 4) : 0)
                + (dataset == "code" ? 0.7 * t * head : 0);
            var bad = layer == 1 && head == 2 && step > 500 && dataset == "code";
            var losses = new double[chains * draws];
            var baseline = Enumerable.Range(0, draws).Select(_ => 3 + 0.1 * Normal(random)).ToArray();
            for (var chain = 0; chain < chains; chain++)
            for (var d = 0; d < draws; d++)
                losses[chain * draws + d] = baseline[d] + (value + (bad ? chain - 1.5 : 0) + 0.8 * Normal(random)) / 30;
            var mean = Enumerable.Range(0, chains * draws).Average(i => 30 * (losses[i] - baseline[i % draws]));
            rows.Add(new()
            {
                Step = step, Component = $"l{layer}h{head}", Dataset = dataset,
                Rllc = mean, RllcStdErr = bad ? 0.7 : 0.08 + 0.1 * random.NextDouble(),
                RHat = bad ? 1.31 : 1 + 0.01 * random.NextDouble(), Ess = bad ? 9 : 150,
                Geweke = Math.Abs(Normal(random)), NegativeShare = 0.1, Drift = 0.1 * Normal(random),
                Status = bad ? "not-converged" : "ok", StatusReason = bad ? "R-hat is 1.31; at most 1.05 is wanted" : "",
            });
            traces.Add(new(step, $"l{layer}h{head}", dataset, 30, chains, draws, losses, baseline, [0.91, 0.9, 0.92, 0.89]));
        }
        var curves = rows.Where(r => r.Dataset == "docs").GroupBy(r => r.Component)
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Step).Select(r => r.Rllc).ToArray());
        var clusterRows = curves
            .Select(c => new ClusterRow(c.Key, c.Key[^1] < '2' ? 1 : 2, 0.3 + 0.4 * random.NextDouble(), [0.4, 1.7], c.Value))
            .ToArray();
        double Centre(int cluster, int step) => clusterRows.Where(r => r.Cluster == cluster).Average(r => r.Curve[step]);
        static double Progress(int step) => Math.Log10(1 + step / 20.0);
        return new()
        {
            Title = title,
            Subtitle = $"2 layers × {heads} heads, d_model 64, context 128, vocabulary 2,048; "
                + $"{checkpoints} checkpoints; datasets docs and code",
            Tiles =
            [
                new("3.21", "validation loss, nats per token"), new("6.02", "unigram entropy"), new("4.11", "bigram entropy"),
                new($"{rows.Count}", "estimates"), new("3 min 12 s", "wall time"), new("1.4 GB", "peak memory"),
            ],
            Entropies = new(6.02, 4.11),
            Checkpoints = [.. steps.Select(s => new CheckpointLossRow(
                s, 7.6 - 4.4 * Progress(s) / Math.Log10(151), 7.62 - 4.3 * Progress(s) / Math.Log10(151)))],
            Rllc = rows,
            Traces = traces,
            Clusters = new(2, "Euclidean k-means on the curves as they are", "docs", "rLLC", steps, clusterRows,
                [.. ((int[])[1, 2]).Select(k => (IReadOnlyList<double>)[.. steps.Select((_, i) => Centre(k, i))])],
                [new(2, 0.52), new(3, 0.41), new(4, 0.33), new(5, 0.27), new(6, 0.2)]),
            Sgld = new(30, 200, 1e-3),
            Facts = [("Seed", "1"), ("Started", "2026-01-01 12:00 UTC"), ("Machine", "Linux, 2 cores"), ("MlNetRllc", "0.1.0")],
            Steps =
            [
                new("contexts", "tokenizeText", "cached", 0.1),
                new("model", "trainAttentionOnlyTransformer", "new", 92),
                new("losses", "sampleSgld", "new", 84),
            ],
            Pipeline = "version: 1\nname: quickstart\n",
        };
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
