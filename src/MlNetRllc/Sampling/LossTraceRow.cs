using Microsoft.ML.Data;

namespace MlNetRllc.Sampling;

/// <summary>One draw of one chain: a row of the table that <c>LossTraceTable</c> gives.</summary>
public sealed class LossTraceRow
{
    /// <summary>Training step of the checkpoint.</summary>
    public int Step { get; set; }

    /// <summary>The sampled component, such as <c>l0h3</c>.</summary>
    public string Component { get; set; } = "";

    /// <summary>Name of the dataset.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>Number of the chain, from 0; the column <c>chain</c>, as ArviZ and xarray call it.</summary>
    [ColumnName("chain")]
    public int Chain { get; set; }

    /// <summary>Number of the draw, from 0; the column <c>draw</c>.</summary>
    [ColumnName("draw")]
    public int Draw { get; set; }

    /// <summary>Minibatch loss of the draw, nats per token; NaN once the chain has diverged.</summary>
    public double Loss { get; set; }

    /// <summary>Loss of the trained weights on the same minibatch, nats per token.</summary>
    public double BaselineLoss { get; set; }
}
