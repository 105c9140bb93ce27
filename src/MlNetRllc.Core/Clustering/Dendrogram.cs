namespace MlNetRllc.Core.Clustering;

/// <summary>Two groups that become one, each called by its lowest item.</summary>
/// <param name="Left">The group with the lower item, whose name the union keeps.</param>
/// <param name="Right">The other one.</param>
internal readonly record struct Join(int Left, int Right);

/// <summary>How items were joined, from single ones to one group.</summary>
/// <param name="Count">Number of items.</param>
/// <param name="Joins">In the order in which they were made.</param>
/// <param name="Heights">Distance of the two groups of each join, by the linkage.</param>
internal sealed record Dendrogram(int Count, IReadOnlyList<Join> Joins, IReadOnlyList<double> Heights)
{
    /// <summary>The joins with groups numbered: items first, then groups in the order of joining.</summary>
    public GroupMerge[] Merges()
    {
        var (numbers, sizes) = (Enumerable.Range(0, Count).ToArray(), Enumerable.Repeat(1, Count).ToArray());
        var merges = new GroupMerge[Joins.Count];
        for (var i = 0; i < merges.Length; i++)
        {
            var (left, right) = Joins[i];
            sizes[left] += sizes[right];
            merges[i] = new(
                Math.Min(numbers[left], numbers[right]), Math.Max(numbers[left], numbers[right]), Heights[i], sizes[left]);
            numbers[left] = Count + i;
        }
        return merges;
    }

    /// <summary>Cluster of each item when <paramref name="k"/> are left, 0 to k-1, numbered by
    /// first appearance.</summary>
    public int[] Cut(int k)
    {
        // A group is called by its lowest item, so that what an item was joined to is known before
        // the item is reached.
        var into = Enumerable.Range(0, Count).ToArray();
        foreach (var join in Joins.Take(Count - k)) into[join.Right] = join.Left;
        var labels = new int[Count];
        for (int item = 0, next = 0; item < Count; item++)
            labels[item] = into[item] == item ? next++ : labels[into[item]];
        return labels;
    }
}

/// <summary>Distances between groups, with the nearest pair at hand.</summary>
internal sealed class NearestGroups
{
    private readonly double[,] between;
    private readonly List<int> alive;
    private readonly int[] nearest;

    /// <param name="between">[item, item]; taken over and changed.</param>
    public NearestGroups(double[,] between)
    {
        this.between = between;
        alive = [.. Enumerable.Range(0, between.GetLength(0))];
        nearest = new int[alive.Count];
        for (var place = 0; place < alive.Count; place++) Search(place);
    }

    /// <summary>Distances read so far, to count the work by.</summary>
    internal long Looks { get; private set; }

    public double this[int left, int right] => between[left, right];

    /// <summary>The nearest pair; of equal ones that of the lowest items.</summary>
    public Join Nearest()
    {
        var best = alive[0];
        foreach (var group in alive)
            if (nearest[group] >= 0 && between[group, nearest[group]] < between[best, nearest[best]])
                best = group;
        Looks += alive.Count;
        return new(best, nearest[best]);
    }

    /// <summary>Joins two groups.</summary>
    /// <param name="join">The groups; the right one is gone afterwards.</param>
    /// <param name="distanceTo">The union's distance to another group.</param>
    public void Merge(Join join, Func<int, double> distanceTo)
    {
        var (left, right) = join;
        foreach (var other in alive)
            if (other != left && other != right)
                between[left, other] = between[other, left] = distanceTo(other);
        Looks += 3L * alive.Count;
        alive.RemoveAt(alive.BinarySearch(right));
        for (var place = 0; place < alive.Count && alive[place] < right; place++)
        {
            var group = alive[place];
            if (group == left || nearest[group] == left || nearest[group] == right) Search(place);
            else if (group < left && IsNearer(group, left)) nearest[group] = left;
        }
    }

    private bool IsNearer(int group, int other) => between[group, other] < between[group, nearest[group]]
        || between[group, other] == between[group, nearest[group]] && other < nearest[group];

    /// <summary>Finds the nearest of the groups behind one; none behind the last.</summary>
    private void Search(int place)
    {
        var (group, found) = (alive[place], -1);
        for (var other = place + 1; other < alive.Count; other++)
            if (found < 0 || between[group, alive[other]] < between[group, found]) found = alive[other];
        nearest[group] = found;
        Looks += alive.Count - place;
    }
}
