namespace MlNetRllc.Core.Estimation;

/// <summary>Tells chains that moved from chains whose losses differ from those of w* by rounding alone.</summary>
internal static class LossRounding
{
    /// <summary>Rounding of a float32 number, relative: losses are means of float32 losses of tokens, each rounded by about this.</summary>
    private const double Float32 = 1.0 / (1 << 24);

    /// <summary>Largest nbeta |difference| that counts as nothing. It spares losses that are known better than float32: at a large nbeta
    /// float64 differences lie below <see cref="Float32"/> too, but what they are of, the rLLC, does not become small by
    /// nbeta.</summary>
    private const double Nothing = 1e-4;

    /// <summary>Whether no kept draw of the chains differs from the baseline of its own minibatch by more than rounding.</summary>
    /// <remarks>Of the paired differences under either baseline: an unpaired one leaves the noise of minibatches in them, which moves
    /// without the chains. A baseline of 0 rounds nothing.</remarks>
    public static bool IsAllOf(LossTrace trace, LossDifferences draws)
    {
        foreach (var chain in draws.Used)
            for (var t = trace.Draws - draws.Kept; t < trace.Draws; t++)
            {
                var baseline = trace.BaselineLosses[t];
                var difference = Math.Abs(trace.Losses[chain * trace.Draws + t] - baseline);
                if (!(difference <= Float32 * Math.Abs(baseline) && trace.NBeta * difference <= Nothing)) return false;
            }
        return true;
    }
}
