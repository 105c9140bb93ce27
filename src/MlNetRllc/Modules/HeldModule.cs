using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>A user's module while it is sampled: in evaluation mode, on the chosen device; as it was, afterwards.</summary>
internal sealed class HeldModule : IDisposable
{
    private readonly nn.Module module;
    private readonly Device? home;
    private readonly bool training;

    public HeldModule(nn.Module module, Device device)
    {
        this.module = module;
        // Checked before anything is changed.
        foreach (var (name, parameter) in module.named_parameters())
            if (!parameter.is_contiguous())
                throw new ArgumentException($"EstimateLlc: the parameter '{name}' is not contiguous; store a contiguous copy in the module.");
        training = module.training;
        var own = module.parameters().FirstOrDefault()?.device ?? CPU;
        // A module that lies on a GPU already stays there when the context names none.
        Device = device.type == DeviceType.CPU ? own : device;
        if (Device.type != own.type || Device.index != own.index)
        {
            home = own;
            module.to(Device.type, Device.index);
        }
        module.eval();
        foreach (var (name, parameter) in module.named_parameters()) Parameters[name] = parameter;
    }

    public Device Device { get; }

    public Dictionary<string, Tensor> Parameters { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        if (training) module.train();
        if (home is { } device) module.to(device.type, device.index);
    }
}
