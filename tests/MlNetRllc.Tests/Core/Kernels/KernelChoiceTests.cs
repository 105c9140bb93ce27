using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Kernels;

public sealed class KernelChoiceTests
{
    [Fact]
    public void NothingNamed_TakesOneThatTheProcessorHas() => Assert.True(KernelChoice.Make(null).IsSupported);

    [Theory, MemberData(nameof(KernelSets.Supported), MemberType = typeof(KernelSets))]
    public void OneNamed_IsTaken(string name) => Assert.Equal(name, KernelChoice.Make(name).Name);

    [Fact]
    public void UnknownName_IsRefusedWithThoseThereAre()
    {
        var thrown = Assert.Throws<PlatformNotSupportedException>(() => KernelChoice.Make("sse2"));
        Assert.Equal("MLNETRLLC_KERNELS is 'sse2'; there are avx512, avx2, vector128.", thrown.Message);
    }

    [Fact]
    public void WidthThatTheProcessorLacks_IsRefusedByName()
    {
        foreach (var lacking in KernelSet.All.Where(set => !set.IsSupported))
        {
            var thrown = Assert.Throws<PlatformNotSupportedException>(() => KernelChoice.Make(lacking.Name));
            Assert.Contains($"'{lacking.Name}', whose instructions this processor lacks", thrown.Message, StringComparison.Ordinal);
        }
    }
}
