using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Planning;

/// <summary>A kind of step that can be planned: what it costs, what an interrupted run has of it, what it keeps by content.</summary>
/// <remarks>The second floor of a kind, on its <see cref="StepShape"/>.</remarks>
internal abstract class PlannedKind : StepShape
{
    /// <summary>Raise when results change for equal options and inputs.</summary>
    public virtual int Version => 1;

    /// <summary>Whether it takes seconds on one core: it may then run beside others,
    /// and is done anew by a new build of the program. Other steps use all cores and run alone.</summary>
    public virtual bool IsLight => false;

    /// <summary>The folders in which it keeps things by content.</summary>
    public virtual IReadOnlyList<ContentFolder> ContentFolders => [];

    /// <summary>What a step costs, from its beginning.</summary>
    public abstract StepCost CostOf(Pipeline pipeline, StepSpec step);

    /// <summary>Floating-point operations of a step, told without measuring anything; 0 for what takes moments.</summary>
    public virtual double OperationsOf(Pipeline pipeline, StepSpec step) => 0;

    /// <summary>What of a step is still to be done.</summary>
    /// <param name="pipeline">Its pipeline.</param>
    /// <param name="step">The step.</param>
    /// <param name="begun">What is kept by content and the step named before it began its work:
    /// paths in full, that may not be there yet.</param>
    public virtual StepRemainder RemainderOf(Pipeline pipeline, StepSpec step, IReadOnlyList<string> begun) =>
        StepRemainder.Whole;
}

/// <summary>The second floor of a step's kind.</summary>
internal static class PlannedSteps
{
    /// <summary>The kind of a step, as it is planned. A pipeline that is planned was read with kinds that can be.</summary>
    public static PlannedKind Planned(this StepSpec step) => (PlannedKind)step.Kind;
}
