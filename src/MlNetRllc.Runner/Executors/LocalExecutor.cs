namespace MlNetRllc.Runner.Executors;

/// <summary>This process: the step samples a group of rows when it asks for the first of them.</summary>
internal sealed class LocalExecutor : ISweepExecutor
{
    public void Check()
    {
    }

    public void Fill(SweepWork work)
    {
    }
}
