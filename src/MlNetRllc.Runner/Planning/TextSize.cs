using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Runner.Planning;

/// <summary>How much text a dataset holds, told without reading it.</summary>
internal static class TextSize
{
    /// <summary>Of English prose and code at vocabularies of some thousand.</summary>
    public const double BytesPerToken = 3.5;

    // What compressed text unfolds to, about.
    private const double Unfolded = 3.5;

    /// <summary>Bytes of UTF-8, about; null where nothing here tells.</summary>
    /// <param name="dataset">A known card's name, or a card, file, folder, pattern or address.</param>
    public static double? BytesOf(string dataset)
    {
        var isCard = Path.GetExtension(dataset).ToUpperInvariant() is ".YAML" or ".YML";
        var card = TextDataset.KnownNames.Contains(dataset) && !File.Exists(dataset) ? DatasetCardReader.ReadKnown(dataset)
            : isCard ? DatasetCardReader.Read(dataset)
            : null;
        if (card?.Bytes is { } known) return known;
        var sources = card?.Sources.Select(s => (Path: Path.Combine(card.Folder, s.Location), s.Weight)) ?? [(dataset, 1)];
        var sizes = sources.Select(s => OnDisk(s.Path) * s.Weight).ToList();
        return sizes.Contains(null) ? null : sizes.Sum();
    }

    private static double? OnDisk(string path)
    {
        if (path.Contains("://", StringComparison.Ordinal)) return null;
        var sizes = LocalFiles.FilesAt(path).Select(f => new FileInfo(f).Length * (IsCompressed(f) ? Unfolded : 1)).ToList();
        return sizes.Count == 0 ? null : sizes.Sum();
    }

    private static bool IsCompressed(string file) => Path.GetExtension(file).ToUpperInvariant()
        is ".GZ" or ".GZIP" or ".ZST" or ".ZSTD" or ".XZ" or ".PARQUET";
}
