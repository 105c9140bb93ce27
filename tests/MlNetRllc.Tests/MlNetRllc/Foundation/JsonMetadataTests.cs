using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;
using MlNetRllc.Text;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Foundation;

/// <summary>The generated JSON metadata against what reflection finds, which is what files and keys were written with before
/// there was any.</summary>
public sealed class JsonMetadataTests
{
    private static readonly JsonSerializerOptions Known = JsonFormat.Over(TokensJson.Default);
    private static readonly JsonSerializerOptions Reflected = new(Known) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static readonly Dictionary<Type, JsonSerializerContext> Contexts =
        new[] { typeof(ModelFile).Assembly, typeof(SgldOptions).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(JsonSerializerContext)))
            .SelectMany(room => TypesOf(room).Select(type => (Type: type, Room: DefaultOf(room))))
            .GroupBy(t => t.Type).ToDictionary(g => g.Key, g => g.First().Room);

    private static IEnumerable<Type> TypesOf(Type room) => room.GetCustomAttributesData()
        .Where(a => a.AttributeType == typeof(JsonSerializableAttribute)).Select(a => (Type)a.ConstructorArguments[0].Value!);

    private static JsonSerializerContext DefaultOf(Type room) =>
        (JsonSerializerContext)room.GetProperty("Default")!.GetValue(null)!;

    public static TheoryData<Type> Types => [.. Contexts.Keys];

    private static JsonSerializerOptions With(Type type)
    {
        var room = Contexts[type];
        return room.GetType().Assembly == typeof(ModelFile).Assembly
            ? JsonFormat.Over(room)
            : new(Known) { TypeInfoResolver = new ConstructedCopy(room) };
    }

    [Theory, MemberData(nameof(Types))]
    public void Type_HasThePropertiesThatReflectionFinds_InTheirOrder(Type type) => Same(type, With(type), []);

    [Theory, MemberData(nameof(Types))]
    public void OptionsThatATextLeavesOut_KeepTheirDefaults(Type type)
    {
        var options = With(type);
        HashSet<Type> reached = [];
        Same(type, options, reached);
        foreach (var made in reached.Where(t => t.GetConstructor(Type.EmptyTypes) is not null && !t.IsGenericType && t != typeof(object)))
        {
            var read = JsonSerializer.Deserialize("{}", made, options);
            var expected = JsonSerializer.Serialize(Activator.CreateInstance(made), made, Reflected);
            Assert.Equal(expected, JsonSerializer.Serialize(read, made, options));
        }
    }

    [Fact]
    public void PropertiesThatAreLeftOutWhenEmpty_AreWrittenWhenSet()
    {
        var given = new TokenizerFiles { File = "b", BosId = 3 };
        var set = new TokenizeTextOptions { SampleSeed = 5, TokenizerFolder = "a", ContextLength = 7, Tokenizer = given };
        TokenizeTextOptions[] all = [new(), set];
        foreach (var options in all)
        {
            var written = JsonSerializer.Serialize(options, Known);
            Assert.Equal(JsonSerializer.Serialize(options, Reflected), written);
            Assert.Equal(written, JsonSerializer.Serialize(JsonSerializer.Deserialize<TokenizeTextOptions>(written, Known), Known));
        }
    }

    [Fact]
    public void DefaultsThatAreNotZero_StayWhereAFileIsOlder()
    {
        var format = SamplingJson.Default.Kept<SgldOptions>();
        var options = JsonSerializer.Deserialize("""{"Chains":3}""", format)!;
        Assert.Equal(new SgldOptions { Chains = 3 }, options);
        Assert.NotEqual(0, options.Draws);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"Chians":3}""", format));
    }

    private static void Same(Type type, JsonSerializerOptions options, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return;
        var (ours, theirs) = (options.GetTypeInfo(type), Reflected.GetTypeInfo(type));
        Assert.Equal(theirs.Kind, ours.Kind);
        Assert.Equal(theirs.ElementType, ours.ElementType);
        if (ours.ElementType is { } element) Same(element, options, seen);
        if (type == typeof(object) || ours.Kind != JsonTypeInfoKind.Object) return;
        if (!type.IsValueType) Assert.Equal(theirs.CreateObject is null, ours.CreateObject is null);
        // The others are not written (IgnoreReadOnlyProperties).
        static IEnumerable<WrittenProperty> Written(JsonTypeInfo info) =>
            info.Properties.Where(p => p.Set is not null).Select(p => new WrittenProperty(p.Name, p.PropertyType, p.Get is null));
        Assert.Equal(Written(theirs), Written(ours));
        foreach (var property in ours.Properties.Where(p => p.Set is not null)) Same(property.PropertyType, options, seen);
    }

    private sealed record WrittenProperty(string Name, Type Type, bool IsWriteOnly);

    // Core's options objects are private; its resolver is compiled into it and into the library alike.
    private sealed class ConstructedCopy(JsonSerializerContext context) : IJsonTypeInfoResolver
    {
        private readonly IJsonTypeInfoResolver inner = (IJsonTypeInfoResolver)Activator.CreateInstance(
            typeof(ModelFile).Assembly.GetType("MlNetRllc.ConstructedObjects", throwOnError: true)!, context)!;

        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => inner.GetTypeInfo(type, options);
    }
}
