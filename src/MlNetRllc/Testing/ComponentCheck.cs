using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Foundation;

namespace MlNetRllc.Testing;

/// <summary>What ML.NET expects of every estimator and transformer, for components of one's own: a promise
/// kept, rows that repeat, a file that loads.</summary>
public static class ComponentCheck
{
    /// <summary>Fits the estimator and checks that the schema promised is the schema delivered (annotations
    /// included), that a second cursor gives the first one's rows, and that the fitted component comes back
    /// from a model file and gives them too.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="estimator">The component under test.</param>
    /// <param name="input">A table that it can fit.</param>
    /// <exception cref="ComponentCheckException">A check failed; the message says which, and what was expected and found.</exception>
    public static void Run(MLContext ml, IEstimator<ITransformer> estimator, IDataView input)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(input);
        var promised = Shapes.Describe(estimator.GetOutputSchema(Shapes.ShapeOf(input.Schema))).ToList();
        var fitted = estimator.Fit(input);
        var delivered = Shapes.Describe(Shapes.ShapeOf(fitted.Transform(input).Schema)).ToList();
        Same("The schema promised (GetOutputSchema of the estimator) is not the one delivered", promised, delivered);
        var rows = Rows(fitted.Transform(input));
        Same("A second cursor gives other rows", rows, Rows(fitted.Transform(input)));
        using var file = new MemoryStream();
        ml.Model.Save(fitted, input.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Same("The component loaded from a model file gives other rows", rows, Rows(loaded.Transform(input)));
    }

    private static void Same(string what, List<string> expected, List<string> found)
    {
        if (expected.Count != found.Count) throw new ComponentCheckException($"{what}: {expected.Count} expected, {found.Count} found.");
        for (var i = 0; i < expected.Count; i++)
            if (expected[i] != found[i]) throw new ComponentCheckException($"{what}. At {i}: expected {expected[i]}, found {found[i]}.");
    }

    private static List<string> Rows(IDataView view) => [.. view.Preview(int.MaxValue).RowView.Select(row =>
        string.Join("; ", row.Values.Select(v => $"{v.Key} = {Text(v.Value)}")))];

    private static string Text(object value) => value switch
    {
        VBuffer<float> v => string.Join(' ', v.DenseValues().Select(x => $"{x}")),
        VBuffer<double> v => string.Join(' ', v.DenseValues().Select(x => $"{x}")),
        VBuffer<int> v => string.Join(' ', v.DenseValues().Select(x => $"{x}")),
        VBuffer<ReadOnlyMemory<char>> v => string.Join(' ', v.DenseValues()),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}

/// <summary>A component does not do what ML.NET expects of it.</summary>
/// <param name="message">Which check failed, what was expected and what was found.</param>
public sealed class ComponentCheckException(string message) : Exception(message);
