using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Kernels;

/// <summary>The kernels of every width that this processor has, by name.</summary>
public static class KernelSets
{
    public static TheoryData<string> Supported => [.. KernelSet.All.Where(set => set.IsSupported).Select(set => set.Name)];

    internal static KernelSet The(string name) => KernelSet.All.Single(set => set.Name == name);

    /// <summary>The one that every processor has.</summary>
    internal static KernelSet Everywhere => KernelSet.All[^1];
}
