using System.Collections.Concurrent;
using CsCheck;

namespace MlNetRllc.Tests;

public sealed class CasesTests
{
    [Fact]
    public void TwoRuns_MeetTheSameCases()
    {
        int[] Met()
        {
            var met = new ConcurrentBag<int>();
            Gen.Int.ForAll(met.Add, cases: 50);
            return [.. met.Order()];
        }
        var first = Met();
        Assert.True(first.Distinct().Count() > 40);
        Assert.Equal(first, Met());
    }

    [Fact]
    public void PropertyThatOneCaseBreaks_FailsWithASeed()
    {
        var numbersUpTo999 = Gen.Int[0, 999].Array[1, 30];
        var error = Assert.Throws<CsCheckException>(() =>
            numbersUpTo999.ForAll(numbers => Assert.DoesNotContain(numbers, n => n > 990), cases: 200));
        Assert.Contains("Set seed", error.Message, StringComparison.Ordinal);
    }
}
