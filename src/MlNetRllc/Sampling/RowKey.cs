using MlNetRllc.Foundation;

namespace MlNetRllc.Sampling;

/// <summary>Where a row is kept.</summary>
/// <param name="Group">Key of all that it shares with the rows it is sampled with: <see cref="StoredWorkKey.RowGroup"/>.</param>
/// <param name="Row">Its own key: <see cref="StoredWorkKey.Row"/>.</param>
internal readonly record struct RowKey(string Group, string Row);
