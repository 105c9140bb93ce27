using System.Numerics;
using MlNetRllc.Foundation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace MlNetRllc.Text.Cards;

/// <summary>Reads the numbers of a card by the rule of all numbers (<see cref="WholeNumber"/>), where YAML
/// libraries would take 010 for 8 and 1:30 for 90.</summary>
internal sealed class CardNumbers : IYamlTypeConverter
{
    public bool Accepts(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var number
        && (number == typeof(int) || number == typeof(long) || number == typeof(double));

    public object? ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
    {
        var scalar = parser.Consume<Scalar>();
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            if (scalar is { IsQuotedImplicit: false, Value: "" or "~" or "null" }) return null;
            type = inner;
        }
        YamlException Wrong(string wanted) => new(scalar.Start, scalar.End, $"'{scalar.Value}' is not {wanted}.");
        if (type == typeof(double))
            return WholeNumber.TryParseNumber(scalar.Value, out var number) ? number
                : throw Wrong("a number; write it with a decimal point, such as 0.5");
        if (!WholeNumber.TryParse(scalar.Value, out BigInteger whole)) throw Wrong($"a whole number: {WholeNumber.Rule}");
        var (least, most) = type == typeof(int) ? (int.MinValue, int.MaxValue) : (long.MinValue, long.MaxValue);
        if (whole < least || whole > most) throw Wrong($"a number from {least} to {most}");
        return type == typeof(int) ? (object)(int)whole : (long)whole;
    }

    public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) =>
        throw new NotSupportedException("Cards are only read.");
}
