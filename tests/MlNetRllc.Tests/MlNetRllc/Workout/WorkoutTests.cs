using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;

namespace MlNetRllc.Tests.Workout;

/// <summary>What every estimator and transformer of the library must do.</summary>
public sealed class WorkoutTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<string> Components => [.. Names()];

    public void Dispose() => study.Dispose();

    [Fact]
    public void EveryPublicComponent_HasAWorkout()
    {
        var types = typeof(RllcCatalog).Assembly.GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false }).ToList();
        var found = types.Where(t => t.IsAssignableTo(typeof(ITransformer))
            || t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEstimator<>)));
        var covered = WorkoutCase.All(study).SelectMany(c => new[] { c.Estimator.Name, c.Transformer.Name });
        Assert.Equal(found.Select(t => t.Name).Order(), covered.Order());
    }

    [Theory, MemberData(nameof(Components))]
    public void SchemaPromised_IsSchemaDelivered(string name)
    {
        var (estimator, input) = Ready(name);
        var promised = Shapes.Describe(estimator.GetOutputSchema(Shapes.ShapeOf(input.Schema)));
        var fitted = estimator.Fit(input);
        Assert.Equal(promised, Shapes.Describe(Shapes.ShapeOf(fitted.GetOutputSchema(input.Schema))));
        Assert.Equal(promised, Shapes.Describe(Shapes.ShapeOf(fitted.Transform(input).Schema)));
    }

    [Theory, MemberData(nameof(Components))]
    public void EverySlotAndKey_IsNamed(string name)
    {
        var (estimator, input) = Ready(name);
        foreach (var column in estimator.Fit(input).Transform(input).Schema.Where(c => input.Schema.GetColumnOrNull(c.Name) is null))
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            var expected = 0;
            if (column.Type is VectorDataViewType vector)
            {
                column.GetSlotNames(ref names);
                expected = vector.Size;
            }
            else if (column.Type is KeyDataViewType key)
            {
                column.GetKeyValues(ref names);
                expected = (int)key.Count;
            }
            Assert.Equal(expected, names.DenseValues().Select(n => n.ToString()).Where(n => n.Length > 0).Distinct().Count());
        }
    }

    [Theory, MemberData(nameof(Components))]
    public void MissingOrWrongColumn_IsRefusedAtSchemaTime_ByName(string name)
    {
        var (estimator, input) = Ready(name);
        foreach (var column in Case(name).Needs)
        {
            var without = ml.Transforms.DropColumns(column).Fit(input).Transform(input);
            var wrong = ml.Transforms.Concatenate(column, "Wrong").Fit(Widened(without)).Transform(Widened(without));
            foreach (var bad in new[] { without, wrong })
            {
                var ofSchema = Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(Shapes.ShapeOf(bad.Schema)));
                Assert.Contains($"'{column}'", ofSchema.Message, StringComparison.Ordinal);
                var ofTable = Assert.Throws<ArgumentException>(() => estimator.Fit(bad));
                Assert.Contains($"'{column}'", ofTable.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory, MemberData(nameof(Components))]
    public void Cursors_RepeatedOrParallel_GiveTheSameRows(string name)
    {
        var (estimator, input) = Ready(name);
        var output = estimator.Fit(input).Transform(input);
        var first = RowDump.Of(output);
        Assert.NotEmpty(first);
        Assert.Equal(first, RowDump.Of(output));

        var cursors = output.GetRowCursorSet(output.Schema, 3);
        var rows = new List<string>[cursors.Length];
        var together = new ParallelOptions { MaxDegreeOfParallelism = cursors.Length };
        Parallel.For(0, cursors.Length, together, i => rows[i] = RowDump.Rows(cursors[i]));
        foreach (var cursor in cursors) cursor.Dispose();
        Assert.Equal(first.Order(StringComparer.Ordinal), rows.SelectMany(r => r).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Components))]
    public void OnlyAskedForColumns_AreRead(string name)
    {
        if (Case(name).PassedThrough is not { } kept)
        {
            var whole = Fitted(name, out var text);
            using var cursor = whole.Transform(text).GetRowCursor([whole.GetOutputSchema(text.Schema)["Split"]]);
            Assert.False(cursor.IsColumnActive(cursor.Schema["Tokens"]));
            return;
        }
        var fitted = Fitted(name, out var input);
        var spy = new SpyView(input);
        var output = fitted.Transform(spy);
        using (var cursor = output.GetRowCursor([output.Schema[kept]]))
            while (cursor.MoveNext()) { }
        Assert.Equal([kept], spy.Asked);
        Assert.Equal(RowDump.Of(input).Count, RowDump.Of(output).Count);
    }

    [Theory, MemberData(nameof(Components))]
    public void SameSeed_GivesTheSameBits(string name)
    {
        List<string> Run()
        {
            var fresh = new MLContext(seed: 1);
            var component = Case(name);
            var input = component.Input(fresh);
            return RowDump.Of(component.Make(fresh).Fit(input).Transform(input));
        }
        Assert.Equal(Run(), Run());
    }

    private static List<string> Names()
    {
        using var study = new TinyStudy();
        return [.. WorkoutCase.All(study).Select(c => c.ToString())];
    }

    private WorkoutCase Case(string name) => WorkoutCase.All(study).Single(c => c.ToString() == name);

    private (IEstimator<ITransformer> Estimator, IDataView Input) Ready(string name) => (Case(name).Make(ml), Case(name).Input(ml));

    private ITransformer Fitted(string name, out IDataView input)
    {
        input = Case(name).Input(ml);
        return Case(name).Make(ml).Fit(input);
    }

    /// <summary>A table with a vector of Boolean, which no component takes, in place of whatever was dropped.</summary>
    private IDataView Widened(IDataView table)
    {
        var mapped = ml.Transforms.CustomMapping<Nothing, Wrong>((_, o) => o.Value = true, null).Fit(table).Transform(table);
        return ml.Transforms.CopyColumns("Wrong", "Value").Fit(mapped).Transform(mapped);
    }

    private sealed class Nothing;

    private sealed class Wrong
    {
        public bool Value { get; set; }
    }
}
