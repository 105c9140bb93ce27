namespace MlNetRllc.Tests.Packages;

/// <summary>The library's packages, made once for all tests that use them.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    /// <summary>The newest, whatever was unpacked on this machine before.</summary>
    internal const string Version = "9999.0.1";

    internal static readonly string[] Projects = ["MlNetRllc.Core", "MlNetRllc"];

    /// <summary>Where they lie.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("mlnetrllc-packed-").FullName;

    public async ValueTask InitializeAsync()
    {
        foreach (var project in Projects)
        {
            await DotnetCommand.Run("pack", $"src/{project}", "--no-build", "-c", LocalFeed.Configuration, "-o", Folder,
                $"-p:PackageVersion={Version}", "--nologo", "-v", "q");
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string File(string project) => Path.Combine(Folder, $"{project}.{Version}.nupkg");
}
