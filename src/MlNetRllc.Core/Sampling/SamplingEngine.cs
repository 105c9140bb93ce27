namespace MlNetRllc.Core.Sampling;

/// <summary>Which engine computes minibatch losses and gradients.</summary>
public enum SamplingEngine
{
    /// <summary>The lock-step engine on the CPU, the autograd engine on other devices.</summary>
    Auto,

    /// <summary>The lock-step engine: all components and chains on one minibatch, only the work
    /// that a component needs.</summary>
    LockStep,

    /// <summary>A full forward and backward pass by autograd for each chain; slow, works for any
    /// model.</summary>
    Autograd,
}
