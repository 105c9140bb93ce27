using System.Runtime.InteropServices;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class CoreBudgetTests
{
    [Theory, InlineData("WINDOWS", false), InlineData("OSX", true)]
    public void OffLinux_LibtorchIsHeld_AndWhatIsNotIsSaid(string system, bool accelerate)
    {
        if (Environment.ProcessorCount < 2) return;
        var limited = 0;
        var said = CoreBudget.ApplyHere(1, OSPlatform.Create(system), n => limited = n);
        Assert.Equal(1, limited);
        Assert.Contains("DOTNET_PROCESSOR_COUNT=1", said);
        Assert.Equal(accelerate, said!.Contains("VECLIB_MAXIMUM_THREADS=1", StringComparison.Ordinal));
    }

    [Theory, InlineData(0, "OSX"), InlineData(1_000_000, "WINDOWS"), InlineData(1, "LINUX")]
    public void NothingToHold_NothingIsSaid(int cores, string system) =>
        Assert.Null(CoreBudget.ApplyHere(cores, OSPlatform.Create(system), _ => Assert.Fail("nothing is to be limited")));
}
