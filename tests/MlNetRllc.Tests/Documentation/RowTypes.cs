using System.Reflection;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Grid;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Documentation;

/// <summary>The public types that users read results from: records, and classes of nothing but properties. What is set rather than
/// read is no row: options have their own descriptions.</summary>
internal static class RowTypes
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static Assembly[] Assemblies { get; } = [typeof(Measured).Assembly, typeof(GridRow).Assembly];

    private static readonly Type[] Settings = [typeof(Initialization), typeof(TransformerConfig), typeof(DatasetSource)];

    public static IEnumerable<Type> Of(Assembly assembly) => assembly.GetTypes().Where(t =>
        t.IsVisible && !IsSetting(t) && (IsRecord(t) || HasPropertiesOnly(t)));

    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);

    /// <summary>Whether a property holds measured numbers: one, or many.</summary>
    public static bool IsMeasured(PropertyInfo property) => IsMeasured(property.PropertyType);

    /// <summary>Whether it holds many.</summary>
    public static bool IsSeries(PropertyInfo property) => ItemOf(property.PropertyType) is not null;

    private static bool IsMeasured(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(Measured)
        || ItemOf(type) is { } item && IsMeasured(item);

    private static Type? ItemOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(IReadOnlyList<>) || generic == typeof(ReadOnlyMemory<>) || generic == typeof(Nullable<>))
            ? type.GetGenericArguments()[0] : null;

    private static bool IsSetting(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal) || Settings.Contains(type);

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Own) is not null;

    private static bool HasPropertiesOnly(Type type) => type.IsClass && !type.IsAbstract && type.GetConstructor([]) is not null
        && PropertiesOf(type).Any() && PropertiesOf(type).All(p => p.CanWrite)
        && type.GetMethods(Own).All(m => m.IsSpecialName);
}
