using MlNetRllc.Runner.Executors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Running;

namespace MlNetRllc.Runner.Commands;

/// <summary>Turns what went wrong into a line and an exit code.</summary>
/// <remarks>0 ok, 1 a step failed, 2 the file or an argument is wrong, 3 partly done, 130 cancelled.</remarks>
internal static class Failures
{
    // As .NET reports ENOSPC and EDQUOT.
    private const int DiskFull = 28, QuotaReached = 122;

    public static int Guard(bool verbose, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (PipelineException e)
        {
            return Say(e, e.Located, 2, verbose);
        }
        catch (PartlyDoneException e)
        {
            return Say(e, e.Message, 3, verbose);
        }
        catch (Exception e) when (StudyRunner.IsCancellation(e))
        {
            Console.Error.WriteLine("Cancelled. What is finished is kept: run the same command again to go on.");
            return 130;
        }
        catch (Exception e) when (Innermost(e) is IOException { HResult: DiskFull or QuotaReached } full)
        {
            return Say(e, $"{full.Message} The disk is full or a quota is reached. What is finished is kept: make room, then run the same command again to go on.", 1, verbose);
        }
        catch (Exception e)
        {
            return Say(e, Innermost(e).Message, 1, verbose);
        }
    }

    /// <summary>What the user reads of an exception.</summary>
    public static string MessageOf(Exception e) => e is PipelineException at ? at.Located : Innermost(e).Message;

    private static int Say(Exception e, string message, int code, bool verbose)
    {
        Console.Error.WriteLine(verbose ? e.ToString() : $"error: {message}");
        return code;
    }

    // ML.NET and tasks wrap what a step threw; the user needs the cause.
    private static Exception Innermost(Exception e) => e is AggregateException or InvalidOperationException or TypeInitializationException
        && e.InnerException is { } inner ? Innermost(inner) : e;
}
