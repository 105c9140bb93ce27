using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MlNetRllc.Tests;

public sealed class ComposeSampleTests
{
    [Fact]
    public async Task ComposeSample_RunsReduced_AndLeavesTables()
    {
        var output = Directory.CreateTempSubdirectory("mlnetrllc-compose-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet", ["run", "pipelines/compose.cs", "--", "--reduced", output])
            {
                WorkingDirectory = Root(),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // What the test host was started with must not steer another build.
            foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(inherited);
            using var process = Process.Start(start)!;
            var (printed, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await printed + await errors);

            var rows = await File.ReadAllLinesAsync(Path.Combine(output, "tables", "rllc.csv"));
            Assert.StartsWith("Step,Component,Dataset", rows[0], StringComparison.Ordinal);
            Assert.Contains(rows, row => row.Contains(",l1h1,code,", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.Combine(output, "tables", "rllc.parquet")));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
