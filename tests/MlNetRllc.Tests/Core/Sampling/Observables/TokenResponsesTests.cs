using MlNetRllc.Core.Sampling.Observables;

namespace MlNetRllc.Tests.Core.Sampling.Observables;

/// <summary>Values of single tokens, where the truth is known: tokens of a quadratic, whose losses curve by known factors.</summary>
public sealed class TokenResponsesTests
{
    [Theory]
    [InlineData(KeptTokens.Batches, false), InlineData(KeptTokens.Draws, false), InlineData(KeptTokens.Batches, true)]
    public void Values_ComeToTheirTruthWithinTheirErrors(KeptTokens tokens, bool pairs)
    {
        var probes = new QuadraticProbes();
        // Tokens of one context move together, so runs count and not tokens.
        var misses = Enumerable.Range(1, 40).Select(seed =>
        {
            var sink = new Sink();
            probes.Sample(seed, draws: 200, sink: sink, tokens: tokens, pairs: pairs);
            var responses = TokenResponses.From(sink.Records, QuadraticProbes.NBeta, pairs)!;
            return (Miss: responses.Values[0] - probes.Expected(1), Error: responses.ErrorOf(0));
        }).ToList();
        var error = Math.Sqrt(misses.Average(m => m.Error * m.Error));
        Assert.InRange(misses.Average(m => m.Miss), -3 * error / Math.Sqrt(40), 3 * error / Math.Sqrt(40));
        // A spread known to 11 % from so many; few batches know their own error less well.
        Assert.InRange(Math.Sqrt(misses.Average(m => m.Miss * m.Miss)) / error, 0.7, 1.4);
    }

    [Fact]
    public void MeanOfValues_IsTheCoefficientOfTheWholeSet()
    {
        var (probes, sink) = (new QuadraticProbes(spread: 0.5), new Sink());
        var trace = probes.Sample(3, draws: 50, sink: sink, tokens: KeptTokens.Batches);
        var responses = TokenResponses.From(sink.Records, QuadraticProbes.NBeta, antithetic: false)!;
        var whole = QuadraticProbes.NBeta * trace.Observations![0].DifferencesOf(0, trace).Average();
        Assert.Equal(whole, responses.Values.Average(), 1e-5 * Math.Abs(whole));
    }

    [Fact]
    public void ChainThatDiverged_IsLeftOut()
    {
        TokenRecord[] records = [Record(0, 0, 1f), Record(1, 0, float.NaN), Record(0, 1, 3f), Record(1, 1, float.NaN)];
        Assert.Equal([4.0, 4], TokenResponses.From(records, nBeta: 2, antithetic: false)!.Values);
    }

    [Fact]
    public void PartnerOfAChainThatDiverged_IsLeftOutToo()
    {
        TokenRecord[] records = [Record(0, 0, 1f), Record(1, 0, float.NaN), Record(2, 0, 5f), Record(3, 0, 7f)];
        Assert.Equal([12.0, 12], TokenResponses.From(records, nBeta: 2, antithetic: true)!.Values);
    }

    [Fact]
    public void NoChainLeft_GivesNothing() =>
        Assert.Null(TokenResponses.From([Record(0, 0, float.NaN)], nBeta: 2, antithetic: false));

    /// <summary>Batches count by their draws, where these do not divide evenly.</summary>
    [Fact]
    public void LongerBatch_CountsMore()
    {
        TokenRecord[] records = [Record(0, 0, 1f) with { Draws = 3 }, Record(0, 3, 5f) with { Draws = 1 }];
        Assert.Equal([2.0, 2], TokenResponses.From(records, nBeta: 1, antithetic: false)!.Values);
    }

    private static TokenRecord Record(int chain, int first, float value) => new(0, 0, chain, first, 1, new[] { value, value });

    private sealed class Sink : ITokenSink
    {
        public List<TokenRecord> Records { get; } = [];

        public void Write(in TokenRecord record) => Records.Add(record with { Differences = record.Differences.ToArray() });
    }
}
