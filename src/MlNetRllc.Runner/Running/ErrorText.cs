using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>Words of what went wrong, for the console and for the record of a run.</summary>
internal static class ErrorText
{
    /// <summary>What the user reads of an exception; where a section of errors.md tells more, its name stands at the end.</summary>
    public static string MessageOf(Exception e) =>
        WithSection(WordsOf(e), Defect.Innermost(e) is DefectException ? ErrorPage.Defect : ErrorPage.SectionOf(e));

    /// <summary>A message with the name of its section behind it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="section">A name of <see cref="ErrorPage"/>; null leaves the message as it is.</param>
    public static string WithSection(string message, string? section) =>
        section is null ? message : $"{message} (rllc explain error {section})";

    private static string WordsOf(Exception e) => Defect.Innermost(e) switch
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
