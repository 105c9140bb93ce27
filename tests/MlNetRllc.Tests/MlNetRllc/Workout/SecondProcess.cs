using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MlNetRllc.Tests.Workout;

/// <summary>This test program, started again to load model files: it does that before the test framework runs, and ends.</summary>
internal static class SecondProcess
{
    private const string Variable = "MLNETRLLC_LOAD_MODELS";

    /// <summary>Loads every model of a folder in another process and gives what it printed: types and rows.</summary>
    public static async Task<(int ExitCode, string Output)> LoadModels(string folder)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "MlNetRllc.Tests.dll"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Variable] = folder },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>What a fitted chain gives on a table, as both processes print it.</summary>
    public static string Describe(string name, ITransformer model, IDataView input)
    {
        var parts = model as IEnumerable<ITransformer> ?? [model];
        var types = string.Join(", ", parts.Select(p => p.GetType().FullName));
        return $"## {name}\n{types}\n{string.Join('\n', RowDump.Of(model.Transform(input)))}\n";
    }

#pragma warning disable CA2255 // It must run before the test framework's own entry point.
    [ModuleInitializer]
    internal static void LoadInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder) return;
        TestThreads.One(); // Of module initializers any may be the first.
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.zip").Order(StringComparer.Ordinal))
            {
                var ml = new MLContext();
                var model = ml.Model.Load(file, out _);
                var input = ml.Data.LoadFromBinary(Path.ChangeExtension(file, ".idv"));
                Console.Write(Describe(Path.GetFileNameWithoutExtension(file), model, input));
            }
            Environment.Exit(0);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            Environment.Exit(1);
        }
    }
#pragma warning restore CA2255
}
