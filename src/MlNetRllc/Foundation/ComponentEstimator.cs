using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>What every estimator of this library shares: columns are checked by name and type before anything is computed, and the
/// schema promised is made from the very columns that the transformer delivers.</summary>
/// <typeparam name="TTransformer">What <see cref="Fit"/> gives.</typeparam>
public abstract class ComponentEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private protected ComponentEstimator(IHostEnvironment environment, string name)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Host = environment.Register(name);
        Name = name;
    }

    private protected IHost Host { get; }

    private protected string Name { get; }

    /// <summary>Checks the columns of <paramref name="input"/> and fits.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type; the message names it, its
    /// type and the type wanted.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var need in Needs) need.Check(input, Name);
        return FitTo(input);
    }

    /// <summary>The columns that the fitted transformer will give, for input of the shape <paramref name="inputSchema"/>.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Fit"/>.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var need in Needs) need.Check(inputSchema, Name);
        var builder = new DataViewSchema.Builder();
        foreach (var column in Promised) builder.AddColumn(column.Name, column.Type, column.Annotations);
        var added = Shapes.ShapeOf(builder.ToSchema());
        var names = added.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return new SchemaShape(inputSchema.Where(c => !names.Contains(c.Name)).Concat(added));
    }

    private protected abstract IReadOnlyList<ColumnNeed> Needs { get; }

    /// <summary>The appended columns. Sizes known only after fitting may be any number: a shape does not hold them.</summary>
    private protected abstract IReadOnlyList<DataViewSchema.DetachedColumn> Promised { get; }

    private protected abstract TTransformer FitTo(IDataView input);
}
