using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Runner.Running;

/// <summary>A kind of step whole: what a file says of it, what it costs, and what it does.</summary>
/// <remarks>The top floor of a kind. A kind is one class, which names all that is asked of it here and below.</remarks>
internal abstract class StepKind : PlannedKind
{
    /// <summary>Does a step's work, or reads back what an earlier run left of it (<see cref="StudyContext.Restored"/>).</summary>
    /// <returns>A line that says what came out.</returns>
    public abstract string Run(StudyContext context);

    /// <summary>What a run says of a step at its end; null when nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">The step in it.</param>
    /// <param name="isOnly">Whether the run has no other step of the kind.</param>
    public virtual string? ClosingLine(RunRecord run, StepRecord step, bool isOnly) => null;
}

/// <summary>The top floor of a step's kind.</summary>
internal static class RunnableSteps
{
    /// <summary>The kind of a step, as it is run. A pipeline that is run was read with kinds that can be.</summary>
    public static StepKind Runnable(this StepSpec step) => (StepKind)step.Kind;
}
