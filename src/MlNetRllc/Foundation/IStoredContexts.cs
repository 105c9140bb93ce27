using MlNetRllc.Core.Contexts;

namespace MlNetRllc.Foundation;

/// <summary>A table whose contexts may lie in a store: they are read as they lie there, where copying them
/// would need the memory that a store spares.</summary>
internal interface IStoredContexts
{
    /// <summary>Whether there is such a store.</summary>
    bool IsStored { get; }

    /// <summary>The contexts of a split in the store; null when it has none.</summary>
    /// <param name="name">What the contexts are called.</param>
    /// <param name="split">train or validation.</param>
    ContextSet? Stored(string name, string split);
}
