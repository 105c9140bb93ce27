using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Tests.Runner.Steps;

/// <summary>Which tokens of a head are shown.</summary>
public sealed class TokenChoiceTests
{
    /// <summary>Each in a context of its own.</summary>
    private static (int, int) Alone(int token) => (token, 1);

    [Fact]
    public void EndsAndDeciles_AreTheValuesOfThatName()
    {
        // 0 to 100, shuffled: 37 shares no factor with 101.
        var values = Enumerable.Range(0, 101).Select(i => (double)(37 * i % 101)).ToArray();
        var chosen = TokenChoice.Choose(values, Alone);
        IEnumerable<double> Of(string kind) => chosen.Where(c => c.Kind == kind).Select(c => values[c.Index]);
        Assert.Equal([100, 99, 98, 97, 96, 95], Of("top"));
        Assert.Equal([0, 1, 2, 3, 4, 5], Of("bottom"));
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], Of("decile"));
        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90], chosen.Where(c => c.Kind == "decile").Select(c => c.Decile));
    }

    [Fact]
    public void NeighboursInOneContext_AreShownOnce()
    {
        var values = Enumerable.Range(0, 200).Select(i => (double)i).ToArray();
        var top = TokenChoice.Choose(values, token => (0, token)).Where(c => c.Kind == "top").Select(c => c.Index);
        Assert.Equal([199, 191, 183, 175, 167, 159], top);
    }

    [Fact]
    public void MissingValue_IsNeverChosen()
    {
        var finite = Enumerable.Range(0, 40).Select(i => (double)i);
        double[] values = [.. Enumerable.Repeat(double.NaN, 50), .. finite, double.PositiveInfinity];
        Assert.All(TokenChoice.Choose(values, Alone), c => Assert.True(double.IsFinite(values[c.Index])));
        Assert.Empty(TokenChoice.Choose([double.NaN], Alone));
    }

    [Fact]
    public void FewTokens_AreNotBothTopAndBottom()
    {
        var chosen = TokenChoice.Choose([1, 2, 3, 4, 5], Alone);
        Assert.Equal([4, 3], chosen.Where(c => c.Kind == "top").Select(c => c.Index));
        Assert.Equal([0, 1], chosen.Where(c => c.Kind == "bottom").Select(c => c.Index));
    }
}
