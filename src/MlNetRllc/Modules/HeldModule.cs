using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>A user's module while it is sampled: in evaluation mode, on the chosen device, by one at a time; as
/// it was, afterwards.</summary>
internal sealed class HeldModule : IDisposable
{
    // Modules and parameters, for two modules may share some.
    private static readonly HashSet<object> InUse = new(ReferenceEqualityComparer.Instance);

    private readonly nn.Module module;
    private readonly object[] held;
    private readonly Device? home;
    // Parents before their children: setting a module's flag sets those of all within it.
    private readonly List<(nn.Module Module, bool Training)> modes;

    public HeldModule(nn.Module module, Device device)
    {
        this.module = module;
        // Checked before anything is changed.
        foreach (var (name, parameter) in module.named_parameters())
            if (!parameter.is_contiguous())
                throw new ArgumentException(
                    $"EstimateLlc: the parameter '{name}' is not contiguous; store a contiguous copy in the module.");
        held = [module, .. module.parameters()];
        lock (InUse)
        {
            if (held.Any(InUse.Contains))
                throw new InvalidOperationException(
                    "EstimateLlc: another Fit is sampling this module, or one that shares its parameters, "
                    + "whose weights move meanwhile. Wait until it has returned, or give each Fit a module of its own.");
            InUse.UnionWith(held);
        }
        modes = [.. module.named_modules().Select(m => (m.module, m.module.training)).Prepend((module, module.training))];
        var own = module.parameters().FirstOrDefault()?.device ?? CPU;
        // A module that lies on a GPU already stays there when the context names none.
        Device = device.type == DeviceType.CPU ? own : device;
        if (Device.type != own.type || Device.index != own.index)
        {
            home = own;
            module.to(Device.type, Device.index);
        }
        module.eval();
        foreach (var (name, parameter) in ModuleParameters.Distinct(module)) Parameters[name] = parameter;
    }

    public Device Device { get; }

    /// <summary>Each parameter once, by its first name.</summary>
    public Dictionary<string, Tensor> Parameters { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var (part, training) in modes)
            if (part.training != training) part.train(training);
        if (home is { } device) module.to(device.type, device.index);
        lock (InUse) InUse.ExceptWith(held);
    }
}
