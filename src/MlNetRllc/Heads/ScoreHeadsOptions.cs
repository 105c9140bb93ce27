using System.ComponentModel;
using MlNetRllc.Core.Heads;

namespace MlNetRllc.Heads;

/// <summary>How heads are scored, and the tokens that they matter for explained.</summary>
public sealed record ScoreHeadsOptions
{
    /// <summary>Attention, ablations, scores of the whole model.</summary>
    [Description("attention, ablations, scores of the whole model")]
    public HeadScoreOptions Scoring { get; init; } = new();

    /// <summary>What explains a token, and what counts as memorised.</summary>
    [Description("what explains a token, and what counts as memorised")]
    public TokenPatternOptions Patterns { get; init; } = new();

    /// <summary>Whether the tokens that each head matters for are found and explained.</summary>
    [Description("whether the tokens that each head matters for are explained")]
    public bool TokenClasses { get; init; } = true;

    /// <summary>Training steps at which they are; all when null. Needs the column <c>Step</c>.</summary>
    [Description("training steps at which the tokens are explained; all when absent")]
    public IReadOnlyList<int>? TokenClassSteps { get; init; }

    /// <summary>Whether the traces of each head's Hessian and Fisher information are estimated, the baselines
    /// beside the rLLC: several times the cost of all else.</summary>
    [Description("whether traces of the Hessian and of the Fisher information are estimated")]
    public bool Traces { get; init; }

    /// <summary>Training steps at which they are; all when null. Needs the column <c>Step</c>.</summary>
    [Description("training steps at which the traces are estimated; all when absent")]
    public IReadOnlyList<int>? TraceSteps { get; init; }

    /// <summary>Random vectors and contexts of these traces.</summary>
    [Description("random vectors and contexts of the traces")]
    public CurvatureOptions Curvature { get; init; } = new();

    /// <summary>What each token stands for, by id, as the tokenizer's TokenText tells; without it there are no n-gram scores and no
    /// brackets.</summary>
    [Description("what each token stands for, by id; none leaves out n-gram scores and brackets")]
    public IReadOnlyList<string> TokenTexts { get; init; } = [];
}
