using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Training;

/// <summary>How the learning rate moves over the steps.</summary>
public enum LearningRateSchedule
{
    /// <summary>The same at every step, as in the paper.</summary>
    Constant,

    /// <summary>Rises linearly over <see cref="TrainingOptions.WarmupSteps"/>, then falls as half a
    /// cosine to <see cref="TrainingOptions.FinalLearningRate"/> at the last step.</summary>
    WarmupCosine,

    /// <summary>Rises linearly over <see cref="TrainingOptions.WarmupSteps"/>, stays, and falls
    /// linearly to <see cref="TrainingOptions.FinalLearningRate"/> over the last
    /// <see cref="TrainingOptions.DecayShare"/> of the steps (Hägele et al., arXiv 2405.18392):
    /// what a high rate learns has the time to, and the last checkpoint still lies in a
    /// minimum.</summary>
    WarmupStableDecay,
}

/// <summary>How a language model is trained; but for the number of steps and checkpoints the
/// defaults are the paper's (arXiv 2410.02984, appendix).</summary>
/// <remarks>The optimiser is AdamW (Loshchilov and Hutter, arXiv 1711.05101) on all weights alike,
/// after clipping the norm of the whole gradient. A step's rate, batch and update depend on nothing
/// but these options, the data and the step.</remarks>
public sealed record TrainingOptions : ICheckedTogether
{
    /// <summary>Optimiser steps.</summary>
    [Description("optimiser steps"), Range(1, int.MaxValue)]
    public int Steps { get; init; } = 50_000;

    /// <summary>Contexts in each minibatch.</summary>
    [Description("contexts in each minibatch"), Range(1, 65536)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Learning rate; the highest one, where it moves.</summary>
    [Description("learning rate (the highest one, where it moves)"), Range(1e-12, 10.0)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate moves.</summary>
    [Description("how the learning rate moves: Constant, WarmupCosine or WarmupStableDecay")]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps over which the rate rises, where it does.</summary>
    [Description("steps over which the learning rate rises, where it moves"), Range(0, int.MaxValue)]
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Where the rate ends, where it moves, as a share of <see cref="LearningRate"/>.</summary>
    [Description("where the learning rate ends, where it moves, as a share of the highest one"), Range(0.0, 1.0)]
    public double FinalLearningRate { get; init; } = 0.1;

    /// <summary>Share of the steps over which <see cref="LearningRateSchedule.WarmupStableDecay"/>
    /// falls.</summary>
    [Description("share of the steps over which WarmupStableDecay falls"), Range(0.0, 1.0)]
    public double DecayShare { get; init; } = 0.2;

    /// <summary>Decay of the gradient's running mean.</summary>
    [Description("decay of the gradient's running mean"), Range(0.0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean.</summary>
    [Description("decay of the squared gradient's running mean"), Range(0.0, 0.99999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the squared gradient's running mean.</summary>
    [Description("added to the root of the squared gradient's running mean"), Range(1e-16, 1.0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a weight that is taken off per step and unit of learning rate.</summary>
    [Description("share of a weight taken off per step and unit of learning rate"), Range(0.0, 100.0)]
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Largest norm of the whole gradient; a longer one is scaled to it. 0 clips
    /// nothing.</summary>
    [Description("largest norm of the whole gradient; 0 clips nothing"), Range(0.0, 1e12)]
    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Validation contexts whose mean loss is taken at each checkpoint; fewer are used
    /// where there are fewer.</summary>
    [Description("validation contexts evaluated at each checkpoint"), Range(1, 1 << 24)]
    public int ValidationContexts { get; init; } = 64;

    /// <summary>At which steps the weights are kept.</summary>
    [Description("at which steps the weights are kept")]
    public CheckpointSchedule Checkpoints { get; init; } = new();

    /// <summary>Which of the contexts are trained on: all of them, unless a share or a list is given.</summary>
    [Description("which of the contexts are trained on; all by default")]
    public TrainingSubset Subset { get; init; } = new();

    /// <summary>Scales of the starting weights.</summary>
    [Description("scales of the starting weights")]
    public Initialization Initialization { get; init; } = new();

    /// <summary>Seed of the starting weights and of the order of the data.</summary>
    [Description("seed of the starting weights and of the order of the data")]
    public int Seed { get; init; } = 1;

    string? ICheckedTogether.WhatIsWrong() => Subset.Listed is { } listed && listed < BatchSize
        ? $"lists {listed} to train on, fewer than a batch of {BatchSize} contexts" : null;

    /// <summary>Learning rate of a step.</summary>
    /// <param name="step">From 0.</param>
    public double LearningRateAt(int step)
    {
        if (Schedule == LearningRateSchedule.Constant) return LearningRate;
        if (step < WarmupSteps) return LearningRate * (step + 1) / WarmupSteps;
        if (Schedule == LearningRateSchedule.WarmupStableDecay)
        {
            var left = DecayShare > 0 ? Math.Clamp((Steps - step) / (DecayShare * Steps), 0, 1) : 1;
            return LearningRate * (FinalLearningRate + (1 - FinalLearningRate) * left);
        }
        var through = (step - WarmupSteps + 1.0) / Math.Max(1, Steps - WarmupSteps);
        return LearningRate * (FinalLearningRate + (1 - FinalLearningRate) * (1 + ScalarFunctions.Cos(Math.PI * Math.Min(1, through))) / 2);
    }
}
