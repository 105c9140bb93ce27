using Microsoft.ML.Runtime;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Modules;

/// <summary>Says in the log how long all steps will take, once a few have been made.</summary>
internal sealed class TimeForecast(IChannel channel)
{
    private readonly StepClock clock = new();
    private bool said;

    public void Report(SamplingProgress value)
    {
        if (said) return;
        clock.Tick();
        if (!clock.IsKnown) return;
        said = true;
        channel.Info($"{value.Steps} steps take about {LlcPlan.Words(clock.PerStep * value.Steps)}.");
    }
}
