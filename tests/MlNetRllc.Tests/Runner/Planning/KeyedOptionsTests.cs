using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Runs;

namespace MlNetRllc.Tests.Runner.Planning;

/// <summary>An option that a later version adds changes no key while it is its default.</summary>
public sealed class KeyedOptionsTests
{
    private static readonly KeyedOptions Earlier = new(new Dictionary<Type, string>
    {
        [typeof(Walk)] = "steps inner", [typeof(WalkPart)] = "length",
    });

    private static readonly KeyedOptions Now = new(new Dictionary<Type, string>
    {
        [typeof(WalkOfToday)] = "steps inner", [typeof(WalkPartOfToday)] = "length",
    });

    [Fact]
    public void RecordOfOneMoreProperty_IsSaidAsBefore() =>
        Assert.Equal(Said(Earlier, new Walk { Steps = 3 }), Said(Now, new WalkOfToday { Steps = 3 }));

    [Fact]
    public void AddedProperty_IsSaid_WhereItIsNotItsDefault()
    {
        Assert.NotEqual(Said(Earlier, new Walk()), Said(Now, new WalkOfToday { Shape = 2 }));
        Assert.NotEqual(Said(Earlier, new Walk()), Said(Now, new WalkOfToday { Inner = new() { Wide = true } }));
    }

    [Fact]
    public void NamedOptions_AreSaid_AtTheirDefaultsToo() =>
        Assert.NotEqual(Said(Earlier, new Walk { Steps = 1 }), Said(Earlier, new Walk { Steps = 2 }));

    [Fact]
    public void RecordThatNobodyNamed_SaysWhatIsNotItsDefault()
    {
        var keyed = new KeyedOptions(new Dictionary<Type, string>());
        Assert.Equal("{}", Said(keyed, new Walk()));
        Assert.Contains("\"steps\": 3", Said(keyed, new Walk { Steps = 3 }), StringComparison.Ordinal);
    }

    private static string Said(KeyedOptions keyed, object options) => keyed.Say(options, RunRecord.Json).ToJsonString(RunRecord.Json);

    private sealed record Walk
    {
        public int Steps { get; init; } = 1;

        public WalkPart Inner { get; init; } = new();
    }

    private sealed record WalkPart
    {
        public int Length { get; init; } = 4;
    }

    // The order of properties is no part of a key either.
    private sealed record WalkOfToday
    {
        public WalkPartOfToday Inner { get; init; } = new();

        public int Shape { get; init; } = 1;

        public int Steps { get; init; } = 1;
    }

    private sealed record WalkPartOfToday
    {
        public bool Wide { get; init; }

        public int Length { get; init; } = 4;
    }
}
