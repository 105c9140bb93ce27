namespace MlNetRllc.Core.Estimation;

/// <summary>Says when the draws of one row have made its rLLC as certain as wanted; asked after
/// each draw.</summary>
/// <remarks>The trace is looked at after 50 draws and then after each 50 more (each tenth more,
/// beyond 500). Stopping at the first small value prefers errors that came out too small; asking
/// for a tenth less, twice in a row, makes up for it.</remarks>
/// <param name="wanted">Standard error in units of rLLC.</param>
internal sealed class StandardErrorStop(double wanted)
{
    private const int Block = 50;
    private const double Margin = 0.9;
    private static readonly EstimationOptions Estimation = new();
    private int nextQuestion = Block;
    private bool wasSmall;

    /// <summary>Whether to stop.</summary>
    /// <param name="draws">Draws so far.</param>
    /// <param name="chainsMove">Whether a chain is left from which more can be learned.</param>
    /// <param name="trace">Makes the trace of the draws so far.</param>
    public bool IsReached(int draws, bool chainsMove, Func<LossTrace> trace)
    {
        if (draws < nextQuestion) return false;
        if (!chainsMove) return true;
        nextQuestion += Math.Max(Block, nextQuestion / 10);
        var small = RllcEstimation.StandardErrorOf(trace(), draws, Estimation) <= Margin * wanted;
        var twice = small && wasSmall;
        wasSmall = small;
        return twice;
    }
}
