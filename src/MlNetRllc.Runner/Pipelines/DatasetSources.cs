using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>What a dataset of a file is made of.</summary>
internal static class DatasetSources
{
    /// <summary>The card of a dataset: the one that it names, or one of the single place that it is.</summary>
    /// <param name="dataset">A known card's name, or a card, file, folder, pattern or address.</param>
    public static DatasetCard CardOf(string dataset) => IsKnown(dataset)
        ? DatasetCardReader.ReadKnown(dataset)
        : Path.GetExtension(dataset).ToUpperInvariant() is ".YAML" or ".YML" && !Directory.Exists(dataset) ? DatasetCardReader.Read(dataset)
        : new DatasetCard { Name = Path.GetFileName(dataset.TrimEnd('/', '\\')), Sources = [new() { Location = dataset }] };

    /// <summary>Sees that every source that lies here has a file. What is fetched is left to whoever reads it, and so are the
    /// texts of known cards: some are got by hand, and a plan may be wanted before.</summary>
    /// <exception cref="IOException">One has none: a pattern that matches nothing, an empty folder, a file that a card names.</exception>
    /// <exception cref="InvalidDataException">The card is wrong, or a source is no file.</exception>
    /// <exception cref="ArgumentException">An address is none.</exception>
    public static void CheckFound(string dataset)
    {
        if (IsKnown(dataset)) return;
        var card = CardOf(dataset);
        foreach (var source in card.Sources)
        {
            if (DatasetLocations.IsFetched(source.Location)) DatasetLocations.CheckAddress(source.Location);
            else DatasetLocations.Files(source, card.Folder, new());
        }
    }

    private static bool IsKnown(string dataset) => !Path.Exists(dataset) && TextDataset.KnownNames.Contains(dataset);
}
