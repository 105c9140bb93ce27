namespace MlNetRllc.Runner.Steps;

/// <summary>Reports on the calling thread and in order; Progress would post to another.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
