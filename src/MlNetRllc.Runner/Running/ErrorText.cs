using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>Words of what went wrong, for the console and for the record of a run.</summary>
internal static class ErrorText
{
    /// <summary>What the user reads of an exception.</summary>
    public static string MessageOf(Exception e) => Defect.Innermost(e) switch
    {
        PipelineException at => at.Located,
        DefectException defect => $"this is a defect of the program, found at {defect.Message.TrimEnd('.')}. "
            + "It should have said what is wrong, or done it: please report it with this "
            + "message and what --verbose adds. What is finished is kept.",
        // What .NET appends is for programmers.
        ArgumentException argument => argument.Message.Split(" (Parameter '")[0],
        var other => other.Message,
    };
}
