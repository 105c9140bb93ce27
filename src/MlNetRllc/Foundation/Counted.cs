namespace MlNetRllc.Foundation;

/// <summary>Something costly that many use at once: made when it is asked for, freed when it was let go and its
/// last user is done.</summary>
/// <remarks>Prediction engines dispose the transformer that they share, each for itself: what one lets go
/// another may be in the midst of using.</remarks>
/// <param name="make">Makes it; called by one thread at a time.</param>
internal sealed class Counted<T>(Func<T> make) where T : class, IDisposable
{
    private readonly Lock gate = new();
    private Holding? current;

    /// <summary>Takes it for a while; it is made when there is none.</summary>
    public Loan Borrow()
    {
        lock (gate)
        {
            current ??= new(make());
            current.Users++;
            return new(this, current);
        }
    }

    /// <summary>Lets it go: freed now, or when its last user is done. It is made again when it is asked for.</summary>
    public void Free()
    {
        Holding? left;
        lock (gate)
        {
            (left, current) = (current, null);
            if (left is null or { Users: > 0 }) return;
        }
        left.Value.Dispose();
    }

    private void Return(Holding holding)
    {
        lock (gate)
        {
            if (--holding.Users > 0 || ReferenceEquals(holding, current)) return;
        }
        holding.Value.Dispose();
    }

    private sealed class Holding(T value)
    {
        public T Value { get; } = value;

        public int Users { get; set; }
    }

    /// <summary>The right to use it, until disposal.</summary>
    internal readonly struct Loan : IDisposable
    {
        private readonly Counted<T> owner;
        private readonly Holding holding;

        internal Loan(Counted<T> owner, object holding) => (this.owner, this.holding) = (owner, (Holding)holding);

        public T Value => holding.Value;

        public void Dispose() => owner.Return(holding);
    }
}
