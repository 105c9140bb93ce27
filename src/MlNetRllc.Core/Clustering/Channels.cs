namespace MlNetRllc.Core.Clustering;

/// <summary>Curves of several channels as one row of numbers, channel after channel: what one
/// channel needs is the case of one.</summary>
internal static class Channels
{
    /// <summary>[channel][point] as one row, checked: channels of one length, all values finite.</summary>
    /// <param name="channels">[channel][point]; at least one channel.</param>
    /// <param name="name">What the curve is called in a refusal.</param>
    public static double[] Joined(IReadOnlyList<double[]> channels, string name)
    {
        ArgumentNullException.ThrowIfNull(channels, name);
        if (channels.Count == 0) throw new ArgumentException($"{name} has no channel; give at least one.", name);
        for (var c = 0; c < channels.Count; c++)
        {
            ArgumentNullException.ThrowIfNull(channels[c], $"channel {c} of {name}");
            if (channels[c].Length != channels[0].Length)
                throw new ArgumentException($"Channel {c} of {name} has {channels[c].Length} points and channel 0 has "
                    + $"{channels[0].Length}; channels are as long as each other.", name);
            CheckFinite(channels[c], $"channel {c} of {name}");
        }
        return [.. channels.SelectMany(channel => channel)];
    }

    /// <summary>Two curves joined, of as many channels as each other.</summary>
    public static (double[] X, double[] Y) Joined(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        var pair = (X: Joined(x, nameof(x)), Y: Joined(y, nameof(y)));
        return x.Count == y.Count ? pair
            : throw new ArgumentException($"x has {x.Count} channels and y has {y.Count}; they need as many.", nameof(y));
    }

    /// <summary>One row as [channel][point].</summary>
    public static double[][] Split(double[] joined, int channels) =>
        channels == 1 ? [joined] : joined.Length == 0 ? [.. Enumerable.Repeat(joined, channels)]
            : [.. joined.Chunk(joined.Length / channels)];

    /// <summary>Refuses a value that is not finite, with its place.</summary>
    public static void CheckFinite(ReadOnlySpan<double> values, string name)
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"Point {i} of {name} is {values[i]}; a finite number is needed.");
    }
}
