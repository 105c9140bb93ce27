using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>A transformer that appends columns to rows: lazily, only those asked for, in any number of cursors.</summary>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer(IHostEnvironment environment, string name)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Host = environment.Register(name);
        Name = name;
    }

    private protected IHost Host { get; }

    private protected string Name { get; }

    /// <summary>Rows map to rows; always true.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema of the rows with the appended columns.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        RowToRowMapperTransform.GetOutputSchema(Checked(inputSchema), MapperOf(inputSchema, null));

    /// <summary>Appends the columns; nothing is computed before a cursor asks.</summary>
    /// <exception cref="ArgumentException">As for <see cref="GetOutputSchema"/>.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new LazyView(Map(input));
    }

    /// <summary>The mapper of single rows that a prediction engine uses.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        Map(new EmptyDataView(Host, Checked(inputSchema)));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract IReadOnlyList<ColumnNeed> Needs { get; }

    private protected abstract IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>Makes the getters of the outputs in <paramref name="active"/>, null for the others.</summary>
    /// <param name="row">The row they read from; it moves.</param>
    /// <param name="active">Which of <see cref="Outputs"/> are asked for.</param>
    /// <param name="table">The whole input; null where a single row is mapped outside any table.</param>
    private protected abstract Delegate?[] Bind(DataViewRow row, Func<int, bool> active, IDataView? table);

    /// <summary>Checks what names and types do not say, such as sizes that must agree.</summary>
    private protected virtual void CheckFurther(DataViewSchema schema)
    {
    }

    /// <summary>Columns that are read where a schema has them, beside the needed ones.</summary>
    private protected virtual IEnumerable<string> FurtherInputs(DataViewSchema schema) => [];

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private RowToRowMapperTransform Map(IDataView input)
    {
        if (input is not EmptyDataView) foreach (var need in Needs) need.Check(input, Name);
        var mapper = MapperOf(Checked(input.Schema), input is EmptyDataView ? null : input);
        return new(Host, input, mapper, schema => MapperOf(Checked(schema), null));
    }

    private Mapper MapperOf(DataViewSchema schema, IDataView? table) => new(this, schema, table);

    private DataViewSchema Checked(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var need in Needs) need.Check(schema, Name);
        CheckFurther(schema);
        return schema;
    }

    private sealed class Mapper(RowTransformer owner, DataViewSchema schema, IDataView? table) : IRowMapper
    {
        private readonly HashSet<int> inputs = [.. owner.Needs.Select(n => n.Name).Concat(owner.FurtherInputs(schema))
            .Select(name => schema.GetColumnOrNull(name)?.Index).OfType<int>()];

        public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            return owner.Bind(input, activeOutput, table)!;
        }

        public Func<int, bool> GetDependencies(Func<int, bool> activeOutput) =>
            Enumerable.Range(0, owner.Outputs.Count).Any(activeOutput) ? inputs.Contains : _ => false;

        public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. owner.Outputs];

        public ITransformer GetTransformer() => owner;

        public void Save(ModelSaveContext ctx) => owner.SaveModel(ctx);
    }
}
