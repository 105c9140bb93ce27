using Microsoft.ML.Runtime;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Foundation;

/// <summary>Says where chains are no samples.</summary>
internal static class NoiseWarning
{
    /// <summary>Warns of a noise level of 0, whose chains descend.</summary>
    public static void WarnOfNoNoise(this IChannel channel, SgldOptions options)
    {
        if (options.NoiseLevel == 0)
            channel.Warning("The noise level is 0: the chains descend the loss and sample nothing, so what is estimated from them "
                + "is no rLLC. A noise level of 1 samples the posterior.");
    }
}
