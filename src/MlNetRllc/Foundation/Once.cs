namespace MlNetRllc.Foundation;

/// <summary>A value that is made when it is first asked for, by one caller at a time. A failure is that
/// caller's alone: the next one tries again.</summary>
/// <remarks>A <c>Lazy</c> would keep the first exception for good, though what threw it (a file in use, a share
/// that was away) may have passed.</remarks>
internal sealed class Once<T>(Func<T> make)
{
    private readonly Lock gate = new();
    private (T Value, bool IsMade) held;

    public T Value
    {
        get
        {
            lock (gate)
            {
                if (!held.IsMade) held = (make(), true);
                return held.Value;
            }
        }
    }

    /// <summary>Does something with the value, where it was made.</summary>
    public void IfMade(Action<T> act)
    {
        lock (gate)
        {
            if (held.IsMade) act(held.Value);
        }
    }
}
