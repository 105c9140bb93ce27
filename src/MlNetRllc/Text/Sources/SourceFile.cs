using MlNetRllc.Core.Files;
namespace MlNetRllc.Text.Sources;

/// <summary>A file of a corpus, wherever it lies.</summary>
/// <param name="Name">How messages and documents name it.</param>
/// <param name="Open">Opens its bytes as they are stored, from the start.</param>
internal sealed record SourceFile(string Name, Func<Stream> Open)
{
    public static SourceFile Local(string path, string? name = null) => new(name ?? path, () => SharedFile.OpenRead(path));
}
