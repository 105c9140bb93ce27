namespace MlNetRllc.Core.Options;

/// <summary>Tells of progress on the thread that makes it, and in order; <see cref="Progress{T}"/>
/// would post to another.</summary>
/// <param name="told">Called at each report, before the work goes on.</param>
public sealed class ImmediateProgress<T>(Action<T> told) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => told(value);
}
