namespace MlNetRllc.Core.Sampling;

/// <summary>Which dynamics draws the weights.</summary>
public enum SamplingMethod
{
    /// <summary>Stochastic gradient Langevin dynamics (Welling and Teh, 2011), localised and
    /// tempered.</summary>
    Sgld,

    /// <summary>SGLD preconditioned by a running mean of squared loss gradients (Li et al., arXiv
    /// 1512.07666).</summary>
    RmsPropSgld,

    /// <summary>Stochastic gradient Nose-Hoover thermostat (Ding et al., NeurIPS 2014): momentum
    /// with a friction that adapts to gradient noise.</summary>
    Sgnht,
}
