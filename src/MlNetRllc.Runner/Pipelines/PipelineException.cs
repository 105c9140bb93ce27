namespace MlNetRllc.Runner.Pipelines;

/// <summary>Something is wrong with a pipeline file, at a place.</summary>
internal sealed class PipelineException(string message, string file = "", long line = 0, long column = 0) : Exception(message)
{
    /// <summary>Whether the place is a line of the file.</summary>
    public bool IsAtLine => line > 0;

    /// <summary>What the user reads: file:line:column: message.</summary>
    public string Located => line > 0 ? $"{file}:{line}:{column}: {Message}" : file.Length > 0 ? $"{file}: {Message}" : Message;
}
