using System.Diagnostics;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Runner.Report;
using MlNetRllc.Runner.Tables;

namespace MlNetRllc.Benchmarks;

/// <summary>A made-up study of many rows as a page, and a browser that draws it.</summary>
internal static class GrowthReport
{
    private const int Heads = 64, Layers = 4, Chains = 2, Draws = 8;

    private static readonly string[] Datasets = ["docs", "code"];

    /// <summary>A browser of this machine; null where there is none.</summary>
    public static string? Browser { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")])
        .FirstOrDefault(File.Exists);

    /// <summary>A study of 64 heads on two datasets, with as many checkpoints as its rows need.</summary>
    public static StudyReport WithRows(int rows)
    {
        var steps = Enumerable.Range(0, rows / (Heads * Datasets.Length)).Select(i => 100 * i).ToList();
        var places = (from step in steps
                      from head in Enumerable.Range(0, Heads)
                      from dataset in Datasets
                      select (Step: step, Component: $"l{head % Layers}h{head / Layers}", Dataset: dataset)).ToList();
        var noise = new double[places.Count];
        NamedRandom.Stream("report").Normals(noise, 0);
        return new()
        {
            Title = "growth",
            Subtitle = $"{rows:N0} rows",
            Checkpoints = [.. steps.Select(s => new CheckpointLossRow(s, 6 - Math.Log(1 + s), 6.1 - Math.Log(1 + s)))],
            Rllc = [.. places.Select((p, i) => Row(p, Math.Log(1 + p.Step) + 0.2 * noise[i]))],
            Traces = [.. places.Select((p, i) => Trace(p, noise[i]))],
            TrainingText = Datasets[0],
            Sgld = new(30, 200, 1e-3),
        };
    }

    /// <summary>Opens a page and waits until its script has run.</summary>
    /// <exception cref="InvalidOperationException">It holds no figure, or says that one could not be drawn.</exception>
    public static void Draw(string page)
    {
        string[] options = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000", "--dump-dom"];
        var start = new ProcessStartInfo(Browser!, [.. options, new Uri(page).AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        browser.ErrorDataReceived += (_, _) => { };
        browser.BeginErrorReadLine();
        var drawn = browser.StandardOutput.ReadToEnd();
        browser.WaitForExit();
        if (!drawn.Contains("<svg", StringComparison.Ordinal) || drawn.Contains("class=\"problem\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"{page} was not drawn.");
    }

    private static RllcRow Row((int Step, string Component, string Dataset) place, double value) => new()
    {
        Step = place.Step,
        Component = place.Component,
        Dataset = place.Dataset,
        Rllc = value,
        RllcStdErr = 0.3,
        RHat = 1.01,
        Ess = 50,
        Geweke = 0.5,
        NegativeShare = 0,
        Drift = 0.1,
        Status = value < 0 ? "negative" : "ok",
        StatusReason = "",
    };

    private static EstimatedTrace Trace((int Step, string Component, string Dataset) place, double noise) => new(
        place.Step, place.Component, place.Dataset, 30, Chains, Draws,
        [.. Enumerable.Range(0, Chains * Draws).Select(i => 3 + noise / (1 + i))], [.. Enumerable.Repeat(3.0, Draws)],
        [.. Enumerable.Repeat(1.0, Chains)]);
}
