using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Tests.Core.Clustering;

public sealed class HierarchicalClusteringTests
{
    [Theory, MemberData(nameof(Cases))]
    public void EveryCut_IsThatOfASearchOverAllPairs(Linkage linkage, int count, int levels)
    {
        var distances = Distances(count, levels);
        var tree = HierarchicalClustering.Tree(distances, linkage);
        for (var k = 1; k <= count; k++) Assert.Equal(BySearch(distances, k, linkage), tree.Cut(k));
    }

    /// <summary>Few levels make many equal distances, where the order of joining shows.</summary>
    public static TheoryData<Linkage, int, int> Cases =>
        new MatrixTheoryData<Linkage, int, int>(Enum.GetValues<Linkage>(), [1, 2, 7, 30], [1, 3, 1_000_000]);

    [Fact]
    public void Work_GrowsWithTheSquareOfTheItems()
    {
        Assert.InRange(Looks(800) / (double)Looks(200), 10, 22);
        Assert.InRange(Looks(800), 800 * 800, 8 * 800 * 800);
    }

    private static long Looks(int count)
    {
        var groups = new NearestGroups(Distances(count, 1_000_000));
        for (var left = count; left > 1; left--)
        {
            var join = groups.Nearest();
            groups.Merge(join, other => Math.Max(groups[join.Left, other], groups[join.Right, other]));
        }
        return groups.Looks;
    }

    private static double[,] Distances(int count, int levels)
    {
        var (random, distances) = (NamedRandom.Stream("distances", count, levels), new double[count, count]);
        for (var i = 0; i < count; i++)
        for (var j = 0; j < i; j++)
            distances[i, j] = distances[j, i] = 1 + random.Integer(levels, (ulong)i, (ulong)j);
        return distances;
    }

    /// <summary>The definition: the two nearest of all groups, again and again.</summary>
    private static int[] BySearch(double[,] distances, int k, Linkage linkage)
    {
        var between = (double[,])distances.Clone();
        var groups = Enumerable.Range(0, distances.GetLength(0)).Select(i => new List<int> { i }).ToList();
        var alive = Enumerable.Range(0, groups.Count).ToList();
        while (alive.Count > k)
        {
            var (left, right) = alive.SelectMany(a => alive.Where(b => b > a).Select(b => (a, b))).MinBy(pair => between[pair.a, pair.b]);
            double l = groups[left].Count, r = groups[right].Count, apart = between[left, right];
            foreach (var other in alive.Where(o => o != left && o != right))
            {
                double o = groups[other].Count, toLeft = between[left, other], toRight = between[right, other];
                double Ward()
                {
                    var squares = (l + o) * toLeft * toLeft + (r + o) * toRight * toRight - o * apart * apart;
                    return Math.Sqrt(Math.Max(0, squares / (l + r + o)));
                }
                between[left, other] = between[other, left] = linkage switch
                {
                    Linkage.Single => Math.Min(toLeft, toRight),
                    Linkage.Complete => Math.Max(toLeft, toRight),
                    Linkage.Average => (l * toLeft + r * toRight) / (l + r),
                    _ => Ward(),
                };
            }
            groups[left].AddRange(groups[right]);
            alive.Remove(right);
        }
        return [.. Enumerable.Range(0, groups.Count).Select(i => alive.FindIndex(g => groups[g].Contains(i)))];
    }
}
