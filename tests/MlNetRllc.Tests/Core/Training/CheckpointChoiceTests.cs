using CsCheck;
using MlNetRllc.Core.Training;

namespace MlNetRllc.Tests.Core.Training;

public sealed class CheckpointChoiceTests
{
    private static readonly Gen<int[]> Steps = Gen.Int[0, 5000].Array[1, 40].Select(s => s.Distinct().Order().ToArray());

    [Fact]
    public void Chosen_AreAsManyAsAsked_RiseAndHoldFirstAndLast() => Gen.Select(Steps, Gen.Int[2, 45]).ForAll(
        (steps, count) =>
    {
        var chosen = CheckpointChoice.Spread(steps, count);
        return chosen.Count == Math.Min(count, steps.Length) && chosen[0] == steps[0] && chosen[^1] == steps[^1]
            && chosen.All(steps.Contains) && chosen.Zip(chosen.Skip(1)).All(p => p.First < p.Second);
    });

    [Theory]
    [InlineData(0, new[] { 0, 1, 2, 4, 8, 16 })]
    [InlineData(1, new[] { 16 })]
    [InlineData(2, new[] { 0, 16 })]
    [InlineData(3, new[] { 0, 4, 16 })]
    public void EvenlyInLogStep(int count, int[] expected) =>
        Assert.Equal(expected, CheckpointChoice.Spread([0, 1, 2, 4, 8, 16], count));

    [Fact]
    public void StepsThatDoNotRise_AreRefused() =>
        Assert.Throws<ArgumentException>(() => CheckpointChoice.Spread([0, 2, 2], 1));
}
