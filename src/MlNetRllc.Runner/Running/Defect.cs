using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using MlNetRllc.Runner.Pipelines;

namespace MlNetRllc.Runner.Running;

/// <summary>A mistake of this program rather than of a file, an argument or a machine.</summary>
/// <param name="place">Where it came up: a command with its arguments, or a step with its inputs.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class DefectException(string place, Exception cause) : Exception($"{place}: {Defect.Describe(cause)}", cause);

/// <summary>Tells such mistakes from what a user can mend.</summary>
internal static class Defect
{
    /// <summary>Whether an exception says something about this program only.</summary>
    /// <remarks>What this program throws itself it words for the user,
    /// and what comes from files, memory, native libraries and the network is no mistake of its own.
    /// The rest was thrown by a library that was asked for something impossible.</remarks>
    public static bool Is(Exception e) => Innermost(e) switch
    {
        DefectException => true,
        NullReferenceException or IndexOutOfRangeException or InvalidCastException
            or DivideByZeroException or NotImplementedException => true,
        PipelineException or IOException or InvalidDataException or UnauthorizedAccessException
            or OperationCanceledException or OutOfMemoryException or TimeoutException or HttpRequestException
            or DllNotFoundException or BadImageFormatException or PlatformNotSupportedException => false,
        ExternalException external => !external.Message.Contains("memory", StringComparison.OrdinalIgnoreCase)
            && external is not System.ComponentModel.Win32Exception,
        var other => Origin(other) is var origin && !IsOwn(origin) && !IsOfFiles(origin),
    };

    /// <summary>What was thrown and where, in a few words.</summary>
    public static string Describe(Exception e)
    {
        var (inner, origin) = (Innermost(e), new StackTrace(Innermost(e)).GetFrames().Select(f => f.GetMethod()).FirstOrDefault(IsOwn));
        var kind = inner.GetType().Name.Replace("Exception", "", StringComparison.Ordinal);
        var said = inner is NullReferenceException or IndexOutOfRangeException or InvalidCastException
            ? ""
            : $": {inner.Message.Split('\n')[0].TrimEnd()}";
        return $"{kind}{(origin is null ? "" : $" in {NameOf(origin)}")}{said}";
    }

    // Lambdas and iterators lie in types and methods that the compiler named after those in the source, as in <>c.<Run>b__0.
    private static string NameOf(MethodBase method)
    {
        var (type, name) = (method.DeclaringType!, method.Name);
        for (; type.Name.StartsWith('<') && type.DeclaringType is { } outer; type = outer)
            if (!name.StartsWith('<') && type.Name[1] != '>') name = type.Name;
        var isGenerated = name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) > 1;
        return $"{type.Name}.{(isGenerated ? name[1..name.IndexOf('>', StringComparison.Ordinal)] : name)}";
    }

    /// <summary>The cause below what tasks, ML.NET and reflection wrap around it.</summary>
    public static Exception Innermost(Exception e) => IsWrapper(e) && e.InnerException is { } inner ? Innermost(inner) : e;

    private static bool IsWrapper(Exception e) =>
        e is AggregateException or InvalidOperationException or TypeInitializationException or TargetInvocationException;

    // Helpers that only throw stand for whoever called them.
    private static MethodBase? Origin(Exception e) =>
        new StackTrace(e).GetFrames().Select(f => f.GetMethod()).FirstOrDefault(m => m is not null && !OnlyThrows(m));

    private static bool OnlyThrows(MethodBase method) => method.DeclaringType is not { } type
        || type.IsSubclassOf(typeof(Exception)) || type.Name.Contains("ThrowHelper", StringComparison.Ordinal);

    // A limit on the size of files comes as an argument out of range.
    private static bool IsOfFiles(MethodBase? method) =>
        method?.DeclaringType?.Namespace is "System.IO" or "System.IO.Strategies" or "Microsoft.Win32.SafeHandles";

    private static bool IsOwn(MethodBase? method) => method?.DeclaringType?.Assembly.GetName().Name is { } name
        && (name == "rllc" || name.StartsWith("MlNetRllc", StringComparison.Ordinal));
}
