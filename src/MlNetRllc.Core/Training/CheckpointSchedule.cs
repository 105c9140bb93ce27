using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Options;

namespace MlNetRllc.Core.Training;

/// <summary>At which steps the weights are kept: the first (0) and the last, and what the properties
/// add. Where <see cref="Steps"/> is all that is given, it is these steps and no others, but for the
/// last, which is the trained model.</summary>
public sealed record CheckpointSchedule : ICheckedTogether
{
    private const int Usual = 16;

    private readonly int? given;

    /// <summary>Number of steps spaced evenly in log step from 1 to the last; steps that round to
    /// the same one count once. 16 where nothing else is given, null (none) where
    /// <see cref="Steps"/> or <see cref="Every"/> is.</summary>
    [Description("checkpoints spaced evenly in log step, 16 where neither steps nor every is given; those that round to the same step "
        + "count once"), Range(0, 10_000)]
    public int? Logarithmic { get => given ?? (Steps.Count == 0 && Every == 0 ? Usual : null); init => given = value; }

    /// <summary>Keeps every n-th step as well; 0 keeps none for that reason.</summary>
    [Description("a checkpoint every so many steps as well; 0 for none"), Range(0, int.MaxValue)]
    public int Every { get; init; }

    /// <summary>Steps to keep: alone, these and the last; beside <see cref="Logarithmic"/> or
    /// <see cref="Every"/>, whatever they are set to, further ones. Those after the last are left
    /// out.</summary>
    [Description("alone: exactly these steps, and the last; beside logarithmic or every: these as well as the first, the last and theirs")]
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>
    /// The 107 checkpoints of the paper's curves: 0, 100, 200, then by 200 to 10,000, by 400 to
    /// 20,000, by 1,000 to 50,000 (timaeus-research/paper-rllcs-2024).
    /// </summary>
    public static CheckpointSchedule Paper { get; } = new()
    {
        Logarithmic = 0,
        Steps = [0, 100, .. By(200, 200, 10_000), .. By(10_400, 400, 20_000), .. By(21_000, 1_000, 50_000)],
    };

    /// <summary>Every n-th step and no other, but for the first and the last.</summary>
    public static CheckpointSchedule Linear(int every) => new() { Logarithmic = 0, Every = every };

    /// <summary>The steps, ascending and distinct, up to <paramref name="last"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A property lies outside its range.</exception>
    /// <exception cref="ArgumentException">One of <see cref="Steps"/> is negative.</exception>
    public IReadOnlyList<int> UpTo(int last)
    {
        this.Validated();
        var kept = new SortedSet<int>(Steps.Where(s => s <= last)) { last };
        if (Every > 0 || Logarithmic is not null) kept.Add(0);
        var spaced = Logarithmic ?? 0;
        for (var i = 0; i < spaced; i++)
            kept.Add((int)Math.Round(ScalarFunctions.Exp(ScalarFunctions.Log(last) * (spaced == 1 ? 1 : i / (spaced - 1.0)))));
        if (Every > 0) kept.UnionWith(By(Every, Every, last));
        return [.. kept];
    }

    string? ICheckedTogether.WhatIsWrong() =>
        Steps.Any(s => s < 0) ? $"asks for a checkpoint of step {Steps.Min()}; a step is 0 or more" : null;

    private static IEnumerable<int> By(int first, int stride, int last)
    {
        for (long step = first; step <= last; step += stride) yield return (int)step;
    }
}
