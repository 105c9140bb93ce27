using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Planning;

/// <summary>Cuts a study down to a time: fewer checkpoints and draws of its sample steps, alike in all of them, and never more than
/// the file says.</summary>
/// <param name="matrix">The study as the file says it.</param>
/// <param name="runs">Folder of the run folders.</param>
/// <param name="read">Reads it with further assignments.</param>
/// <param name="chosen">The steps that are run.</param>
internal sealed class StudyBudget(
    StudyMatrix matrix, string runs, Func<IReadOnlyList<string>, StudyMatrix> read, Func<Pipeline, IEnumerable<StepSpec>> chosen)
{
    /// <summary>Fewer draws give errors that cannot be trusted, fewer checkpoints no curve.</summary>
    private const int LeastDraws = 30, LeastCheckpoints = 4;

    /// <summary>Choices from the least to all.</summary>
    private const int Levels = 128;

    private readonly InputHashes hashes = new();

    /// <summary>The most that fits.</summary>
    /// <param name="within">The time as it was given, for the words.</param>
    /// <param name="time">The time.</param>
    /// <exception cref="PipelineException">Even the least does not fit.</exception>
    public BudgetChoice Choose(string within, TimeSpan time)
    {
        BudgetChoice At(int level) => new(within, [.. Reducible.Select(step => step.At(level)).OfType<ReducedSampling>()]);
        bool Fits(int level) => SecondsOf(read(At(level).Assignments)) <= time.TotalSeconds;

        var planned = StudyPlan.PlanOf(matrix, runs, hashes, chosen);
        var whole = Sum(planned);
        if (whole <= time.TotalSeconds) return new(within, []);
        var done = planned.Where(step => step.State is "cached").Select(step => step.Name).ToHashSet(StringComparer.Ordinal);
        Reducible = [.. SampleSteps(done)];
        var least = SecondsOf(read(At(0).Assignments));
        if (least > time.TotalSeconds)
            throw new PipelineException(
                $"--within {within}: even the least takes about {Amounts.Time(least)} here "
                + $"({(Reducible.Count == 0 ? "nothing of it can be sampled less" : At(0).Words)}); "
                + $"all that the file says about {Amounts.Time(whole)}. Give more time, or make the model or its training smaller.");
        var (fits, toomuch) = (0, Levels);
        while (toomuch - fits > 1)
        {
            var middle = (fits + toomuch) / 2;
            (fits, toomuch) = Fits(middle) ? (middle, toomuch) : (fits, middle);
        }
        return At(fits);
    }

    private IReadOnlyList<ReducibleStep> Reducible { get; set; } = [];

    // What is done already would be sampled anew with fewer draws; what the matrix varies is not ours to set.
    private IEnumerable<ReducibleStep> SampleSteps(HashSet<string> done)
    {
        var cell = matrix.Cells[0];
        var pipeline = cell.Pipeline;
        foreach (var step in chosen(pipeline).Where(step => step.Options.OfType<SampledTextOptions>().Any()))
        {
            if (done.Contains(matrix.IsSweep ? $"{cell.Name}/{step.Name}" : step.Name)) continue;
            var draws = step.Get<SgldOptions>().Draws;
            var checkpoints = pipeline.InputOf(step, "model").CheckpointCount(step.Get<SampledTextOptions>().CheckpointCount);
            var discarded = pipeline.Steps.Where(reader => reader.Needs.Contains(step.Name))
                .SelectMany(reader => reader.Options.OfType<EstimationOptions>()).Select(o => o.DiscardDraws).DefaultIfEmpty().Max();
            var (fixedDraws, fixedCheckpoints) = (IsAxis(step, "draws"), IsAxis(step, "checkpointCount"));
            yield return new(step.Name,
                fixedCheckpoints ? checkpoints : Math.Min(checkpoints, LeastCheckpoints), checkpoints,
                fixedDraws ? draws : Math.Min(draws, LeastDraws + 2 * discarded), draws);
        }
    }

    private bool IsAxis(StepSpec step, string option) => matrix.Axes.Contains($"{step.Name}.{option}");

    private double SecondsOf(StudyMatrix reduced) => Sum(StudyPlan.PlanOf(reduced, runs, hashes, chosen));

    private static double Sum(IEnumerable<PlannedStep> steps) => steps.Select(s => s.Seconds).Where(double.IsFinite).Sum();

    /// <summary>A sample step with what it does at least and at most.</summary>
    private sealed record ReducibleStep(string Name, int LeastCheckpoints, int Checkpoints, int LeastDraws, int Draws)
    {
        public ReducedSampling? At(int level)
        {
            var reduced = new ReducedSampling(Name, Between(LeastCheckpoints, Checkpoints, level), Checkpoints,
                Between(LeastDraws, Draws, level), Draws);
            return reduced.Assignments.Any() ? reduced : null;
        }

        private static int Between(int least, int most, int level) => least + (int)((long)(most - least) * level / Levels);
    }
}
