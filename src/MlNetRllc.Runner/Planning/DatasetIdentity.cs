using System.Globalization;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a dataset's text follows from: the card, and the content of its files on this machine.</summary>
internal static class DatasetIdentity
{
    /// <summary>The identity of a dataset of a pipeline: equal while the text is.</summary>
    /// <param name="dataset">A known card's name, or a card, file, folder, pattern or address.</param>
    /// <param name="hashes">The content of files.</param>
    public static string IdentityOf(string dataset, InputHashes hashes)
    {
        var card = DatasetSources.CardOf(dataset);
        // What the text does not follow from is left out: where the card lies, its title and notes.
        var said = new
        {
            card.Format, card.Unit, card.Separator, card.TextColumn, card.Filter, card.Sample, card.Checksum,
        };
        var settings = JsonSerializer.Serialize(said, RunRecord.Json);
        // Written only where they are not the default, as what came later: a card without them keeps its key.
        if (card.Lists != default) settings += $"\nlists {card.Lists}";
        var sources = card.Sources.Select(s =>
            string.Create(CultureInfo.InvariantCulture, $"{s.Weight:R} {s.Sha256} {SourceOf(s, card.Folder, hashes)}")
            + (s.Format == default ? "" : $"\nformat {s.Format}"));
        return ContentHash.OfText($"{settings}\n{string.Join('\n', sources)}");
    }

    /// <summary>Fetches what a dataset has by address without a checksum, so that its content is known;
    /// what cannot be fetched now is left for the step that reads it to say.</summary>
    public static void Fetch(string dataset)
    {
        foreach (var source in DatasetSources.CardOf(dataset).Sources.Where(s => s.Sha256 is null && Downloads.IsRemote(s.Location)))
            try { Downloads.Fetch(source.Location, null, new()); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or ArgumentException) { }
    }

    private static string SourceOf(DatasetSource source, string folder, InputHashes hashes)
    {
        // A package is known by its version, what is fetched by its checksum or, where the card has none, by what came of it.
        if (DatasetLocations.IsFetched(source.Location))
        {
            return source.Sha256 is null && Downloads.Held(source.Location, new()) is { } held
                ? $"{source.Location} {hashes.OfFile(held)}"
                : source.Location;
        }
        var path = Path.Combine(folder, source.Location);
        var files = LocalFiles.FilesAt(path);
        if (files.Count == 0) return source.Location;
        var isFolder = Directory.Exists(path);
        string NameOf(string file) => Plain(isFolder ? PortablePath.Relative(path, file) : Path.GetFileName(file));
        return string.Join('\n', files.Select(file => $"{NameOf(file)} {hashes.OfFile(file)}{ReadingOf(file)}"));
    }

    /// <summary>No compression makes a text smaller than by this.</summary>
    private const long MostCompression = 1100;

    private static string ReadingOf(string file) => ReadingOf(file, InputHashes.LengthOf(file));

    // Raise where the same file comes to be read otherwise than before: tables are at 2,
    // and so is a plain text that may be long enough to be read in parts.
    private static string ReadingOf(string name, long mostBytes) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".PARQUET" or ".PARQ" or ".PQ" or ".CSV" or ".TSV" or ".TAB" or ".PSV" or ".JL" or ".JSONLINES" => " reading 2",
        ".XZ" => ReadingOfXz(name, mostBytes * MostCompression),
        ".GZ" or ".ZST" => ReadingOf(Path.ChangeExtension(name, null), mostBytes * MostCompression),
        _ => mostBytes > PlainText.LongestWhole && DocumentReader.IsPlainText(name) ? " reading 2" : "",
    };

    private static string ReadingOfXz(string name, long mostBytes)
    {
        var inner = ReadingOf(Path.ChangeExtension(name, null), mostBytes);
        return inner is " reading 2" && DocumentReader.IsPlainText(name) ? " reading 3" : " reading 2";
    }

    // A name with blanks or line breaks could be read as another source's line.
    private static string Plain(string name) => name.Any(char.IsWhiteSpace) ? JsonSerializer.Serialize(name) : name;
}
