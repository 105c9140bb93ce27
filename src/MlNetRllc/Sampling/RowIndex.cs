namespace MlNetRllc.Sampling;

/// <summary>A row as a file holds it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Component">Its component's name.</param>
/// <param name="Json">Its trace, with its SHA-256.</param>
internal sealed record StoredRow(string Key, string Component, byte[] Json);

/// <summary>What a file of rows begins with.</summary>
/// <param name="Rows">The rows, in their order.</param>
internal sealed record RowIndex(IReadOnlyList<RowPlace> Rows);

/// <summary>A row in a file of rows.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Component">Its component's name.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record RowPlace(string Key, string Component, int Length);
