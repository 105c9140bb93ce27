using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>At how many checkpoints the dear parts of head scores are measured.</summary>
/// <remarks>Counts as in <see cref="SampledTextOptions.CheckpointCount"/>. Elsewhere these columns are NaN
/// and <c>ScoreNotes</c> says why.</remarks>
internal sealed record ScoredCheckpointsOptions
{
    /// <summary>Checkpoints that are scored at all.</summary>
    [Description("checkpoints that are scored, spaced evenly in log step; 0 takes all, 1 the last only"), Range(0, 100_000)]
    public int CheckpointCount { get; init; }

    /// <summary>Checkpoints, of those, at which token classes and memorised multigrams are found.</summary>
    [Description("checkpoints at which token classes and memorised multigrams are found; 0 takes all, 1 the last only"), Range(0, 100_000)]
    public int TokenClassCheckpoints { get; init; } = 1;

    /// <summary>Checkpoints, of those, at which the traces of Hessian and Fisher information are estimated,
    /// when they are asked for.</summary>
    [Description("checkpoints at which the traces are estimated; 0 takes all, 1 the last only"), Range(0, 100_000)]
    public int TraceCheckpoints { get; init; } = 1;

    /// <summary>Contexts of the training split in which bigrams, n-grams and words are counted, from its start; all when 0.</summary>
    [Description("contexts of the training split in which n-grams are counted; 0 takes all"), Range(0, int.MaxValue)]
    public int TextContexts { get; init; } = 20_000;
}

/// <summary>Whose curve parts training into stages.</summary>
internal sealed record StagesOptions
{
    /// <summary>The dataset whose estimates are used; the first in the table when null.</summary>
    [Description("dataset whose estimates are used; the first in the table when absent")]
    public string? Dataset { get; init; }
}

/// <summary>Whether layers are clustered apart.</summary>
internal sealed record LayerClusteringOptions
{
    /// <summary>Whether the heads of each layer are clustered by themselves as well as all together.</summary>
    [Description("whether the heads of each layer are clustered by themselves as well")]
    public bool PerLayer { get; init; }
}

/// <summary>Which estimates of heads are compared with what heads do.</summary>
internal sealed record FindingsOptions
{
    /// <summary>The dataset that the model knows; the first in the table when null.</summary>
    [Description("dataset whose final estimates are compared with scores; the first in the table when absent")]
    public string? Dataset { get; init; }

    /// <summary>The dataset on which heads may stand apart; the second in the table when null.</summary>
    [Description("dataset whose estimates are compared with those, head by head; the second in the table when absent")]
    public string? Other { get; init; }
}

/// <summary>What the types of heads are compared with, and how.</summary>
internal sealed record CompareOptions
{
    /// <summary>The sampled dataset; the first in the table of patterns when null.</summary>
    [Description("sampled dataset whose estimates are used; the first in the table of patterns when absent")]
    public string? Dataset { get; init; }

    /// <summary>Patterns that count, such as <c>prose/inductionNew</c> or, of all probe sets, <c>secondCopy</c>; all when null.</summary>
    /// <remarks><c>all</c>, the value on a whole set of natural text (how much, not where), counts only when it is named.</remarks>
    [Description("patterns that count, as pattern or probe/pattern, 'all' for the value on the whole set; all patterns when absent")]
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>The probe set over whose value those of question sets are taken; the first of a dataset's own contexts when null.</summary>
    [Description("probe set over whose value those of question sets are taken; the first of a dataset's own contexts when absent")]
    public string? NaturalText { get; init; }

    /// <summary>Patterns by which induction heads are ranked among the heads of their layer; they need not count otherwise.</summary>
    [Description("patterns by which the heads of a layer are ordered, as pattern or probe/pattern")]
    public IReadOnlyList<string> RankedBy { get; init; } = ["inductionNew", "secondCopy"];

    /// <summary>The layer whose heads are ordered.</summary>
    [Description("layer whose heads are ordered, from 0"), Range(0, 1000)]
    public int Layer { get; init; } = 1;

    /// <summary>How many errors a value must lie from 0 for another to be taken over it.</summary>
    [Description("errors that a value must lie from 0 for another to be taken over it"), Range(0.0, 1e6)]
    public double MinimumErrors { get; init; } = 3;

    /// <summary>Clusters; as many as there are types when 0.</summary>
    [Description("clusters; as many as there are types when 0"), Range(0, 1000)]
    public int Clusters { get; init; }

    /// <summary>Starts of k-means, of which the one of least cost counts.</summary>
    [Description("starts of k-means, of which the best counts"), Range(1, 10_000)]
    public int Restarts { get; init; } = 100;

    /// <summary>Permutations of the types for a p-value.</summary>
    [Description("permutations of the types for a p-value"), Range(1, 10_000_000)]
    public int Permutations { get; init; } = 10_000;

    /// <summary>Seed of starts and permutations.</summary>
    [Description("seed of starts and permutations")]
    public int Seed { get; init; } = 1;
}

/// <summary>How much is shown of what heads do.</summary>
internal sealed record ExamplesOptions
{
    /// <summary>Contexts that are shown.</summary>
    [Description("contexts that are shown"), Range(1, 100)]
    public int Contexts { get; init; } = 3;

    /// <summary>Tokens of each context that are shown, from its beginning.</summary>
    [Description("tokens of each context that are shown, from its beginning"), Range(2, 512)]
    public int Length { get; init; } = 64;

    /// <summary>Contexts over which the mean output is taken that stands in for an ablated head's.</summary>
    [Description("contexts over which an ablated head's mean output is taken"), Range(1, 10_000)]
    public int AblationContexts { get; init; } = 16;
}
