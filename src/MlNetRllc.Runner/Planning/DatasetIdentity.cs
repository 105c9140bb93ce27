using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetRllc.Runner.Running;
using MlNetRllc.Text;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a dataset's text follows from: the card, and the content of its files on this machine.</summary>
internal static class DatasetIdentity
{
    /// <summary>The identity of a dataset of a pipeline: equal while the text is.</summary>
    /// <param name="dataset">A known card's name, or a card, file, folder, pattern or address.</param>
    /// <param name="hashes">The content of files.</param>
    public static string Of(string dataset, InputHashes hashes)
    {
        var isFile = File.Exists(dataset) || Directory.Exists(dataset);
        var card = !isFile && TextDataset.KnownNames.Contains(dataset) ? DatasetCardReader.ReadKnown(dataset)
            : Path.GetExtension(dataset).ToUpperInvariant() is ".YAML" or ".YML" ? DatasetCardReader.Read(dataset)
            : new DatasetCard { Name = Path.GetFileName(dataset.TrimEnd('/', '\\')), Sources = [new() { Location = dataset }] };
        // What the text does not follow from is left out: where the card lies, its title and notes.
        var settings = JsonSerializer.Serialize(new { card.Format, card.Unit, card.Separator, card.TextColumn, card.Filter, card.Sample, card.Checksum }, RunRecord.Json);
        // Written only where they are not the default, as what came later: a card without them keeps its key.
        if (card.Lists != default) settings += $"\nlists {card.Lists}";
        var sources = card.Sources.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Weight:R} {s.Sha256} {SourceOf(s.Location, card.Folder, hashes)}")
            + (s.Format == default ? "" : $"\nformat {s.Format}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{settings}\n{string.Join('\n', sources)}")));
    }

    private static string SourceOf(string location, string folder, InputHashes hashes)
    {
        var path = Path.Combine(folder, location);
        if (File.Exists(path)) return $"{Path.GetFileName(path)} {hashes.OfFile(path)}";
        if (Directory.Exists(path))
            return string.Join('\n', Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetRelativePath(path, file)} {hashes.OfFile(file)}"));
        return !location.Contains("://", StringComparison.Ordinal) && GlobPattern.IsPattern(location)
            ? string.Join('\n', GlobPattern.Files(path).Select(file => $"{Path.GetFileName(file)} {hashes.OfFile(file)}")) : location;
    }
}
