using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>How much of each dataset is sampled on.</summary>
internal sealed record SampledTextOptions
{
    /// <summary>Contexts taken of each dataset, from its start; all when 0.</summary>
    [Description("contexts taken of each dataset, from its start; 0 takes all"), Range(0, int.MaxValue)]
    public int ContextsPerDataset { get; init; } = 4096;
}
