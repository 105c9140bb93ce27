using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Tests.Foundation;
using MlNetRllc.Training;

namespace MlNetRllc.Tests.Training;

/// <summary>A training that was given no folder leaves none.</summary>
public sealed class OwnFolderTests : IDisposable
{
    private const string Variable = "MLNETRLLC_OWN_FOLDER";

    private readonly MLContext ml;

    public OwnFolderTests() => ml = new(seed: 1) { TempFilePath = Temporary };

    private string Temporary { get; } = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;

    public void Dispose() => Directory.Delete(Temporary, recursive: true);

    private static LanguageModelTransformer Trained(MLContext ml, LanguageModelOptions? options = null)
    {
        var small = (options ?? new()) with { Shape = TinyStudy.Config, VocabularySize = 16, Steps = 2, BatchSize = 4 };
        return ml.Rllc.TrainAttentionOnlyTransformer("Tokens", small).Fit(TinyStudy.Contexts(ml, 5));
    }

    private static string FolderOf(LanguageModelTransformer model) =>
        Path.GetDirectoryName(model.Checkpoints.GetColumn<string>("Checkpoint").First())!;

    private void AssertNothingIsLeft() => Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));

    [Fact]
    public void ModelDisposed_TakesTheFolderAlong_FromUnderTheContextsTemporaryFolder()
    {
        var model = Trained(ml);
        Assert.Equal(Temporary, Path.GetDirectoryName(FolderOf(model)));
        Assert.All(model.Checkpoints.GetColumn<string>("Checkpoint"), path => Assert.True(File.Exists(path)));
        const UnixFileMode owners = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!OperatingSystem.IsWindows()) Assert.Equal(owners, File.GetUnixFileMode(FolderOf(model)));
        model.Dispose();
        AssertNothingIsLeft();
        model.Dispose();
    }

    [Fact]
    public void ChainDisposed_TakesTheFolderAlong()
    {
        using (var chain = ml.Transforms.CopyColumns("Before", "Tokens").Append(ml.Rllc.TrainAttentionOnlyTransformer("Tokens",
            new() { Shape = TinyStudy.Config, VocabularySize = 16, Steps = 2, BatchSize = 4 })).Fit(TinyStudy.Contexts(ml, 5)))
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Temporary));
        AssertNothingIsLeft();
    }

    [Fact]
    public void ModelForOneUse_LeavesTheFolderToTheFirst()
    {
        using var model = Trained(ml);
        ml.Rllc.With(model).Dispose();
        Assert.All(model.Checkpoints.GetColumn<string>("Checkpoint"), path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public void NamedFolder_IsNeverDeleted()
    {
        var folder = Path.Combine(Temporary, "mlnetrllc-mine");
        Trained(ml, new() { CheckpointFolder = folder }).Dispose();
        Trained(ml).Dispose();
        Assert.NotEmpty(Directory.EnumerateFiles(folder, "*.safetensors"));
    }

    [Fact]
    public void ModelsFolder_NamedByAnotherTraining_IsItsUsersFromThen()
    {
        var model = Trained(ml);
        var folder = FolderOf(model);
        using var other = Trained(ml, new() { CheckpointFolder = folder });
        model.Dispose();
        Assert.All(other.Checkpoints.GetColumn<string>("Checkpoint"), path => Assert.True(File.Exists(path)));
        Trained(ml).Dispose();
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public void CancelledTraining_LeavesNothing()
    {
        Assert.ThrowsAny<OperationCanceledException>(() => Trained(ml, new() { Cancellation = Cancelling.Cancelled }));
        AssertNothingIsLeft();
    }

    [Fact]
    public void FolderThatCannotBeMade_IsSaidWithWhatToDo()
    {
        var file = Path.Combine(Temporary, "file");
        File.WriteAllText(file, "");
        ml.TempFilePath = Path.Combine(file, "below");
        Assert.Contains("(MLContext.TempFilePath)", Assert.ThrowsAny<IOException>(() => Trained(ml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessThatEnds_LeavesNothing_AndOneThatIsKilledNothingBehindTheNext()
    {
        Assert.Equal((0, "1 folder"), await Child("end"));
        AssertNothingIsLeft();
        Assert.NotEqual(0, (await Child("kill")).ExitCode);
        Assert.Single(Directory.EnumerateFileSystemEntries(Temporary));
        using (var living = Trained(ml))
        {
            Assert.Single(Directory.EnumerateFileSystemEntries(Temporary));
            Assert.Equal((0, "2 folder"), await Child("end"));
            Assert.True(Directory.Exists(FolderOf(living)));
        }
        AssertNothingIsLeft();
    }

    private async Task<(int ExitCode, string Output)> Child(string end)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "MlNetRllc.Tests.dll"))
        {
            RedirectStandardOutput = true, Environment = { [Variable] = $"{end} {Temporary}" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.Trim());
    }

#pragma warning disable CA2255 // It must run before the test framework's own entry point.
    [ModuleInitializer]
    internal static void TrainInstead()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ', 2) is not [var end, var temporary]) return;
        TestThreads.One(); // Of module initializers any may be the first.
        var model = Trained(new(seed: 1) { TempFilePath = temporary });
        Console.WriteLine($"{Directory.GetDirectories(temporary).Length} folder");
        if (end == "kill") Process.GetCurrentProcess().Kill();
        GC.KeepAlive(model);
        Environment.Exit(0);
    }
#pragma warning restore CA2255
}
