using static TorchSharp.torch;

namespace MlNetRllc.Core.Native;

/// <summary>Gradients on the calling thread, whatever surrounds the call: a user's <c>no_grad</c>
/// or <c>inference_mode</c> reaches into whatever is called inside it, and tensors made there can
/// never have a gradient.</summary>
internal readonly struct GradientMode : IDisposable
{
    private readonly IDisposable ordinary, graded;

    private GradientMode(bool enabled) => (ordinary, graded) = (inference_mode(!enabled), enable_grad(enabled));

    /// <summary>Until disposal tensors are ordinary ones and gradients are recorded.</summary>
    public static GradientMode Enabled()
    {
        TorchNative.EnsureLoaded();
        return new(true);
    }

    public void Dispose()
    {
        graded.Dispose();
        ordinary.Dispose();
    }
}
