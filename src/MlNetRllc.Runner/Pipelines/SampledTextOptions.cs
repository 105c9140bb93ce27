using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>How much of each dataset is sampled on, at how many checkpoints, and what of it is observed.</summary>
internal sealed record SampledTextOptions
{
    /// <summary>Contexts taken of each dataset, from its start; all when 0.</summary>
    [Description("contexts taken of each dataset, from its start; 0 takes all"), Range(0, int.MaxValue)]
    public int ContextsPerDataset { get; init; } = 4096;

    /// <summary>Checkpoints that are sampled: all when 0, the last when 1, else so many nearest to even spacing in log step, the first and
    /// the last among them.</summary>
    [Description("checkpoints that are sampled, spaced evenly in log step; 0 takes all, 1 the last only"), Range(0, 100_000)]
    public int CheckpointCount { get; init; }

    /// <summary>How probe sets are observed.</summary>
    [Description("how probe sets are observed")]
    public ObservableOptions Observe { get; init; } = new();
}
