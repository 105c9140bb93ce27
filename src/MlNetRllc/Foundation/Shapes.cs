using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Foundation;

/// <summary>Schema shapes, which ML.NET makes and describes only inside itself.</summary>
internal static class Shapes
{
    /// <summary>The shape of a schema: what an estimator is asked about before there is data.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>A line a column, annotations included, in the order of names.</summary>
    public static IEnumerable<string> Describe(SchemaShape shape) => shape.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c =>
        $"{c.Name}: {c.GetTypeString()} {{{string.Join(", ", Describe(c.Annotations))}}}");
}
