using MlNetRllc.Core.Files;
using MlNetRllc.Text.Documents;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace MlNetRllc.Text.Cards;

/// <summary>Reads dataset cards.</summary>
internal static class DatasetCardReader
{
    private const string Resources = "datasets/";

    public static DatasetCard Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no dataset card {Path.GetFullPath(path)}.", path);
        return Parse(SharedFile.ReadAllText(path), path);
    }

    /// <summary>The cards that come with the library, by name.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. typeof(DatasetCardReader).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Select(name => name[Resources.Length..]).Order(StringComparer.Ordinal)];

    public static DatasetCard ReadKnown(string name)
    {
        using var reader = new StreamReader(typeof(DatasetCardReader).Assembly.GetManifestResourceStream(Resources + name)!);
        return Parse(reader.ReadToEnd(), $"datasets/{name}.yaml");
    }

    public static DatasetCard Parse(string yaml, string path)
    {
        Card card;
        try
        {
            card = new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .WithDuplicateKeyChecking()
                .WithTypeConverter(new CardNumbers())
                .Build()
                .Deserialize<Card>(yaml) ?? throw new InvalidDataException($"{path}: the card is empty.");
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{path}:{e.Start.Line}:{e.Start.Column}: {e.InnerException?.Message ?? e.Message}", e);
        }
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = card.Name ?? Path.GetFileNameWithoutExtension(path);
        Check(card, path);
        return new DatasetCard
        {
            Name = name,
            Title = card.Title ?? name,
            Licence = card.Licence ?? "",
            Homepage = card.Homepage,
            Notes = card.Notes?.Trim(),
            Format = card.Format,
            Unit = card.Unit,
            Separator = card.Separator ?? "<|endoftext|>",
            TextColumn = card.TextColumn,
            Lists = card.Lists,
            Folder = folder,
            Sources = [.. card.Sources!.Select(source => new DatasetSource
            {
                Location = source.Location!, Sha256 = source.Sha256, Weight = source.Weight, Format = source.Format,
            })],
            Filter = new()
            {
                Columns = (card.Filter?.Columns ?? []).ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)entry.Value),
                MinimumLength = card.Filter?.MinimumLength ?? 0, MaximumLength = card.Filter?.MaximumLength ?? int.MaxValue,
                Duplicates = card.Filter?.Duplicates ?? DuplicateRemoval.None, StripFormatItems = card.Filter?.StripFormatItems ?? false,
            },
            Sample = card.Sample is { } sample ? new() { Documents = sample.Documents, Seed = sample.Seed } : null,
            Documents = card.Documents, Bytes = card.Bytes, Checksum = card.Checksum,
        };
    }

    private static void Check(Card card, string path)
    {
        if (card.Sources is not { Count: > 0 }) throw new InvalidDataException($"{path}: 'sources' names no place to read from.");
        foreach (var source in card.Sources)
        {
            if (string.IsNullOrWhiteSpace(source?.Location)) throw new InvalidDataException($"{path}: a source lacks 'location'.");
            if (!(source.Weight > 0 && source.Weight <= 1000))
                throw new InvalidDataException(
                    $"{path}: the weight of '{source.Location}' is {source.Weight}; "
                    + "it must lie above 0 and be at most 1000.");
        }
        if (card.Sample is { Documents: < 1 })
            throw new InvalidDataException($"{path}: sample.documents is {card.Sample.Documents}; it must be at least 1.");
        if (card.Separator is { Length: 0 }) throw new InvalidDataException($"{path}: 'separator' is empty.");
        var withoutValues = card.Filter?.Columns?.FirstOrDefault(
            column => column.Value is null or { Count: 0 } || column.Value.Contains(null!));
        if (withoutValues is { Key: { } empty })
            throw new InvalidDataException($"{path}: filter.columns.{empty} lists no values; give those to keep, such as [English].");
        if (card.Filter is { } filter && filter.MinimumLength > filter.MaximumLength)
            throw new InvalidDataException(
                $"{path}: filter.minimumLength {filter.MinimumLength} "
                + $"exceeds filter.maximumLength {filter.MaximumLength}.");
    }

    private sealed class Card
    {
        public string? Name { get; set; }
        public string? Title { get; set; }
        public string? Licence { get; set; }
        public string? Homepage { get; set; }
        public string? Notes { get; set; }
        public TextFormat Format { get; set; }
        public DocumentUnit Unit { get; set; }
        public string? Separator { get; set; }
        public string? TextColumn { get; set; }
        public ListHandling Lists { get; set; }
        public List<Source>? Sources { get; set; }
        public Filtering? Filter { get; set; }
        public Sampling? Sample { get; set; }
        public long? Documents { get; set; }
        public long? Bytes { get; set; }
        public string? Checksum { get; set; }
    }

    private sealed class Source
    {
        public string? Location { get; set; }
        public string? Sha256 { get; set; }
        public double Weight { get; set; } = 1;
        public TextFormat Format { get; set; }
    }

    private sealed class Filtering
    {
        public Dictionary<string, List<string>>? Columns { get; set; }
        public int MinimumLength { get; set; }
        public int MaximumLength { get; set; } = int.MaxValue;
        public DuplicateRemoval Duplicates { get; set; }
        public bool StripFormatItems { get; set; }
    }

    private sealed class Sampling
    {
        public int Documents { get; set; }
        public long Seed { get; set; }
    }
}
