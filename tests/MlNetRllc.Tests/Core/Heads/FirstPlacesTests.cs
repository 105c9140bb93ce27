using MlNetRllc.Core.Heads;

namespace MlNetRllc.Tests.Core.Heads;

public sealed class FirstPlacesTests
{
    /// <summary>Seed 1 of the trial: l1h4 2.00 and l1h1 1.99 before six others.</summary>
    [Fact]
    public void TwoOfEightInFront_AreFirst_BySoMuchChance()
    {
        var found = FirstPlaces.Find([(0.92, false), (1.99, true), (1.49, false), (1.16, false), (2.00, true), (1.04, false),
            (1.06, false), (1.35, false)]);
        Assert.True(found.AreFirst);
        Assert.Equal([1, 2], found.Ranks);
        Assert.Equal((8, 2, 1.0 / 28), (found.Items, found.Wanted, found.Chance));
    }

    [Fact]
    public void ThreeOfEight_HaveTheirChance() => Assert.Equal(
        1.0 / 56, FirstPlaces.Find([.. Enumerable.Range(0, 8).Select(i => ((double)i, i < 3))]).Chance, 14);

    [Fact]
    public void OneBehindAnother_IsNotFirst()
    {
        var found = FirstPlaces.Find([(3, true), (2, false), (1, true)]);
        Assert.False(found.AreFirst);
        Assert.Equal([1, 3], found.Ranks);
    }

    [Fact]
    public void EqualValues_AreNotFirst()
    {
        var found = FirstPlaces.Find([(2, true), (2, false), (1, false)]);
        Assert.False(found.AreFirst);
        Assert.Equal([1], found.Ranks);
    }

    [Fact]
    public void OtherWithoutAValue_IsLeftOut()
    {
        var found = FirstPlaces.Find([(2, true), (double.NaN, false), (1, false)]);
        Assert.True(found.AreFirst);
        Assert.Equal((2, 0.5), (found.Items, found.Chance));
    }

    [Fact]
    public void WantedWithoutAValue_IsNotFirst()
    {
        var found = FirstPlaces.Find([(double.NaN, true), (2, true), (1, false)]);
        Assert.False(found.AreFirst);
        Assert.Equal([1], found.Ranks);
        Assert.Equal((3, 1.0 / 3), (found.Items, found.Chance));
    }

    [Fact]
    public void NothingLookedFor_HasNoChance()
    {
        var found = FirstPlaces.Find([(1, false), (2, false)]);
        Assert.False(found.AreFirst);
        Assert.Empty(found.Ranks);
        Assert.True(double.IsNaN(found.Chance));
    }
}
