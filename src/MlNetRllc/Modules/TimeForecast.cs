using System.Diagnostics;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>Says in the log how long all steps will take, once a few have been made.</summary>
internal sealed class TimeForecast(IChannel channel)
{
    private const int After = 4;

    private readonly Stopwatch sinceFirst = new();

    public void Report(SamplingProgress value)
    {
        if (value.Step == 1) sinceFirst.Start();
        if (value.Step != After || value.Steps <= After) return;
        var rest = sinceFirst.Elapsed / (After - 1) * (value.Steps - After);
        channel.Info($"{value.Steps} steps take about {LlcPlan.Words(rest)}.");
    }
}
