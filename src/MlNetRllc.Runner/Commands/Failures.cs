using System.CommandLine;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Commands;

/// <summary>Turns what went wrong into a line and an exit code.</summary>
internal static class Failures
{
    /// <summary>What the exit codes mean.</summary>
    public const string Codes = "Exit codes: 0 ok, 1 a step failed, 2 the file or an argument is wrong, 3 partly done, "
        + "70 a defect of this program, 130 cancelled.";

    /// <summary>The exit code where this program itself is at fault: EX_SOFTWARE of the BSD systems.</summary>
    private const int OwnFault = 70;

    /// <summary>Does a command's work.</summary>
    /// <returns>The exit code.</returns>
    public static int Guard(ParseResult arguments, Option<bool> verbose, Func<int> work) =>
        Guard(arguments.GetValue(verbose), work, string.Join(' ', arguments.Tokens.Select(t => t.Value).Prepend("rllc")));

    /// <inheritdoc cref="Guard(ParseResult, Option{bool}, Func{int})"/>
    internal static int Guard(bool verbose, Func<int> work, string command = "rllc", TextWriter? errors = null)
    {
        try
        {
            return work();
        }
        catch (PipelineException e)
        {
            return Say(e, ErrorText.MessageOf(e), 2, verbose, errors);
        }
        catch (PartlyDoneException e)
        {
            return Say(e, e.Message, 3, verbose, errors);
        }
        catch (Exception e) when (StudyRunner.IsCancellation(e))
        {
            (errors ?? Console.Error).WriteLine("Cancelled. What is finished is kept: run the same command again to go on.");
            return 130;
        }
        catch (Exception e) when (FullDisk.CauseOf(e) is { } cause)
        {
            var message = $"{cause.Message} The disk is full or a quota is reached. "
                + "What is finished is kept: make room, then run the same command again to go on.";
            return Say(e, ErrorText.WithSection(message, ErrorPage.DiskFull), 1, verbose, errors);
        }
        catch (Exception e) when (Defect.Is(e))
        {
            var defect = Defect.Innermost(e) is DefectException ? e : new DefectException(command, e);
            return Say(e, ErrorText.MessageOf(defect), OwnFault, verbose, errors);
        }
        catch (Exception e)
        {
            return Say(e, ErrorText.MessageOf(e), 1, verbose, errors);
        }
    }

    private static int Say(Exception e, string message, int code, bool verbose, TextWriter? errors)
    {
        (errors ?? Console.Error).WriteLine(verbose ? e.ToString() : $"error: {message}");
        return code;
    }
}
