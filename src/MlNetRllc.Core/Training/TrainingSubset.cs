using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Training;

/// <summary>Which of the contexts a training learns from: all by default, a drawn share of them, or those that are named.</summary>
/// <remarks>For the retrainings by which data attribution is judged: models trained on random shares of the contexts (Park et
/// al., arXiv 2303.14186, section 3.2), or with some left out. A context is named by its place among the training contexts,
/// from 0, in the order of the table. Shares of one seed are nested: a larger one holds every context of a smaller one.</remarks>
public sealed record TrainingSubset : ICheckedTogether
{
    /// <summary>Share of the contexts that is trained on, drawn by <see cref="Seed"/> and rounded to whole contexts.</summary>
    [Description("share of the contexts that is trained on"), Range(0.0, 1.0)]
    public double Share { get; init; } = 1;

    /// <summary>Seed of the share; another one draws others.</summary>
    [Description("seed of the share")]
    public int Seed { get; init; } = 1;

    /// <summary>Trains on these contexts and no others; on all (or a share) where empty.</summary>
    [Description("trains on these contexts alone, each named by its place from 0")]
    public IReadOnlyList<int> Contexts { get; init; } = [];

    /// <summary>Leaves these contexts out, of all or of a share.</summary>
    [Description("leaves these contexts out, each named by its place from 0")]
    public IReadOnlyList<int> LeftOut { get; init; } = [];

    /// <summary>The places of the contexts that are trained on, ascending.</summary>
    /// <param name="count">Contexts there are.</param>
    /// <exception cref="ArgumentException">A place lies outside the contexts or stands twice, a share and a list are both given,
    /// or none is left.</exception>
    public IReadOnlyList<int> Of(int count)
    {
        this.Validated();
        if (Contexts.Concat(LeftOut).FirstOrDefault(place => place >= count, -1) is >= 0 and var beyond)
            throw new ArgumentException(
                $"The subset names the context {beyond}; there are {count} training contexts, 0 to {count - 1}.");
        int[] kept = [.. (Contexts.Count > 0 ? Contexts : Drawn(count)).Except(LeftOut).Order()];
        return kept.Length > 0 ? kept : throw new ArgumentException($"The subset leaves none of the {count} training contexts.");
    }

    /// <summary>The fewest contexts that are left, where a list says it; null where it follows from the data.</summary>
    internal int? Listed => Contexts.Count > 0 ? Contexts.Except(LeftOut).Count() : null;

    string? ICheckedTogether.WhatIsWrong()
    {
        var (listed, drawn) = (Contexts.Count > 0, Share < 1);
        if (listed && drawn) return "takes a share and a list of contexts; give one of them";
        if (Share == 0) return "takes a share of 0, which leaves nothing to train on";
        if (Seed != 1 && !drawn) return $"has the seed {Seed} of a share, and no share";
        if (Contexts.Concat(LeftOut).FirstOrDefault(place => place < 0, 0) is < 0 and var negative)
            return $"names the context {negative}; the first is 0";
        return Twice(Contexts) ?? Twice(LeftOut);
    }

    private IEnumerable<int> Drawn(int count) => Share == 1 ? Enumerable.Range(0, count)
        : ContextOrder.Shuffled(NamedRandom.Stream("subset of training", Seed), count).Take((int)Math.Round(Share * count));

    private static string? Twice(IReadOnlyList<int> places)
    {
        var seen = new HashSet<int>();
        foreach (var place in places) if (!seen.Add(place)) return $"names the context {place} twice";
        return null;
    }
}
