using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Native;
using TorchSharp;

namespace MlNetRllc.Foundation;

/// <summary>The one place that decides where tensors live.</summary>
internal static class Devices
{
    /// <summary>The GPU that the context names (<c>MLContext.GpuDeviceId</c>), or the CPU when it names none.</summary>
    /// <param name="context">Where the component was made; asked when it is used, as ML.NET's own trainers do.</param>
    /// <param name="log">Told when the CPU stands in for a GPU.</param>
    /// <exception cref="DllNotFoundException">libtorch cannot be loaded; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The GPU cannot be used, and <c>MLContext.FallbackToCpu</c> is false.</exception>
    public static torch.Device Choose(IHostEnvironment context, IChannel log)
    {
        TorchNative.EnsureLoaded();
        var settings = (IHostEnvironmentInternal)context;
        if (settings.GpuDeviceId is not { } gpu) return torch.CPU;
        var reason = gpu < 0 ? "the number of a GPU is not negative"
            : !torch.cuda.is_available() ? "CUDA is not available (build with -p:Torch=cuda on a machine that has it)"
            : gpu >= torch.cuda.device_count() ? $"there are only {torch.cuda.device_count()} GPUs" : null;
        if (reason is null) return new torch.Device(DeviceType.CUDA, gpu);
        if (!settings.FallbackToCpu)
            throw new InvalidOperationException(
                $"MLContext.GpuDeviceId is {gpu}, but {reason}. "
                + "Set FallbackToCpu to true to use the CPU, or GpuDeviceId to null.");
        log.Warning($"GPU {gpu} is not used: {reason}. The CPU is used instead (FallbackToCpu).");
        return torch.CPU;
    }
}
