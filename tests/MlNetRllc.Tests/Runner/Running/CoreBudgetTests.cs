using MlNetRllc.Runner.Running;

namespace MlNetRllc.Tests.Runner.Running;

public sealed class CoreBudgetTests
{
    [Fact]
    public void OffLinux_LibtorchIsHeld_AndWhatIsNotIsSaid()
    {
        if (Environment.ProcessorCount < 2) return;
        var limited = 0;
        var said = CoreBudget.ApplyHere(1, isLinux: false, n => limited = n);
        Assert.Equal(1, limited);
        Assert.Contains("DOTNET_PROCESSOR_COUNT=1", said);
    }

    [Theory, InlineData(0, false), InlineData(1_000_000, false), InlineData(1, true)]
    public void NothingToHold_NothingIsSaid(int cores, bool isLinux) =>
        Assert.Null(CoreBudget.ApplyHere(cores, isLinux, _ => Assert.Fail("nothing is to be limited")));
}
