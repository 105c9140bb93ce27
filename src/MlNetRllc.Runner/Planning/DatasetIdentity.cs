using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetRllc.Core.Weights;
using MlNetRllc.Runner.Running;
using MlNetRllc.Text;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a dataset's text follows from: the card, and the content of its files on this machine.</summary>
internal static class DatasetIdentity
{
    // Larger files are hashed once: what was found is kept beside their length and time.
    private const long Small = 8 << 20;

    /// <summary>The identity of a dataset of a pipeline: equal while the text is.</summary>
    /// <param name="dataset">A known card's name, or a card, file, folder, pattern or address.</param>
    public static string Of(string dataset)
    {
        var isFile = File.Exists(dataset) || Directory.Exists(dataset);
        var card = !isFile && TextDataset.KnownNames.Contains(dataset) ? DatasetCardReader.ReadKnown(dataset)
            : Path.GetExtension(dataset).ToUpperInvariant() is ".YAML" or ".YML" ? DatasetCardReader.Read(dataset)
            : new DatasetCard { Name = Path.GetFileName(dataset.TrimEnd('/', '\\')), Sources = [new() { Location = dataset }] };
        // What the text does not follow from is left out: where the card lies, its title and notes.
        var settings = JsonSerializer.Serialize(new { card.Format, card.Unit, card.Separator, card.TextColumn, card.Filter, card.Sample, card.Checksum }, RunRecord.Json);
        var sources = card.Sources.Select(s => $"{s.Weight:R} {s.Sha256} {SourceOf(s.Location, card.Folder)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings}\n{string.Join('\n', sources)}")));
    }

    private static string SourceOf(string location, string folder)
    {
        var path = Path.Combine(folder, location);
        if (File.Exists(path)) return $"{Path.GetFileName(path)} {HashOf(path)}";
        if (Directory.Exists(path))
            return string.Join('\n', Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetRelativePath(path, file)} {HashOf(file)}"));
        return !location.Contains("://", StringComparison.Ordinal) && GlobPattern.IsPattern(location)
            ? string.Join('\n', GlobPattern.Files(path).Select(file => $"{Path.GetFileName(file)} {HashOf(file)}")) : location;
    }

    private static string HashOf(string path)
    {
        var file = new FileInfo(path);
        if (file.Length < Small) return FileHash.Of(path);
        var note = Path.Combine(UserCache.Folder, "hashes", $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.FullName)))[..32]}.json");
        try
        {
            if (File.Exists(note) && JsonSerializer.Deserialize<OutputFile>(File.ReadAllBytes(note), RunRecord.Json) is { } known && known.Length == file.Length && known.Written == file.LastWriteTimeUtc)
                return known.Sha256;
        }
        catch (JsonException) { }
        var found = new OutputFile(file.FullName, file.Length, file.LastWriteTimeUtc, FileHash.Of(path));
        try { AtomicFile.Write(note, stream => JsonSerializer.Serialize(stream, found, RunRecord.Json)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // A read-only home costs a second reading.
        return found.Sha256;
    }
}
