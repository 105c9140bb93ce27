using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Native;
using TorchSharp;

namespace MlNetRllc.Benchmarks;

/// <summary>Results as files, one a benchmark in a folder of its processor, with all that they depend on.</summary>
internal static class BenchmarkResults
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        // A plus stays a plus: the files are read by people.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>FOLDER/PROCESSOR-KERNELS/BENCHMARK.json</c> over what stands there.</summary>
    /// <param name="folder">Null writes nothing.</param>
    /// <param name="benchmark">The command that measured.</param>
    /// <param name="result">What it found.</param>
    public static void Write(string? folder, string benchmark, object result)
    {
        if (folder is null) return;
        TorchNative.EnsureLoaded();
        var path = Path.Combine(folder, $"{FolderName(Processor.Name)}-{KernelSet.Used.Name}", $"{benchmark}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var record = new Record(
            benchmark, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Processor.Name, Environment.ProcessorCount,
            Avx512F.IsSupported, KernelSet.Used.Name, Versions(), result);
        File.WriteAllText(path, JsonSerializer.Serialize(record, Indented) + "\n");
        Console.WriteLine($"written: {path}");
    }

    private static Dictionary<string, string> Versions() => new()
    {
        ["project"] = VersionOf(typeof(BenchmarkResults)),
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["system"] = RuntimeInformation.OSDescription,
        ["torchSharp"] = VersionOf(typeof(torch)),
        ["libtorch"] = torch.__version__,
    };

    // The build adds the commit behind a plus, where it knows one.
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static string FolderName(string processor) => string.Join(
        '-', processor.Split([.. Path.GetInvalidFileNameChars(), ' ', '(', ')', '@'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What a file holds.</summary>
    private sealed record Record(
        string Benchmark, string Date, string Processor, int Cores, bool Avx512F, string Kernels,
        IReadOnlyDictionary<string, string> Versions, object Result);
}
