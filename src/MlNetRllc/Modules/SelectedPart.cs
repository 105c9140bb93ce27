using System.IO.Enumeration;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Model;

namespace MlNetRllc.Modules;

/// <summary>A parameter of a module, as selections see it.</summary>
/// <param name="Name">As <c>named_parameters</c> gives it.</param>
/// <param name="Axes">Sizes of its axes.</param>
internal sealed record ParameterShape(string Name, IReadOnlyList<long> Axes)
{
    /// <summary>The name that its values are sampled under: of tied parameters the first.</summary>
    public string Values { get; init; } = Name;

    public int Count => checked((int)Axes.Aggregate(1L, (n, axis) => n * axis));

    public override string ToString() => $"'{Name}' [{string.Join(", ", Axes)}]";
}

/// <summary>One thing that a selection names: parameters, and which runs of each.</summary>
/// <param name="pattern">Names of parameters.</param>
/// <param name="runs">The runs of a parameter of the module; throws <see cref="ArgumentException"/> with the end of a sentence where it has
/// none.</param>
internal sealed class SelectedPart(
    string pattern, Func<ParameterShape, IReadOnlyList<ParameterShape>, IEnumerable<ParameterSlice>> runs)
{
    /// <summary>Names that a message lists before it counts the rest.</summary>
    private const int Listed = 24;

    public static SelectedPart Whole(string pattern) => new(pattern, (p, _) => [new(p.Values, 0, p.Count)]);

    /// <summary>Indices along an axis: 0 for rows, 1 for columns.</summary>
    public static SelectedPart Along(int axis, string pattern, Range range) => new(pattern, (p, _) => Along(p, axis, range));

    /// <summary>A run of values, by its own name.</summary>
    public static SelectedPart Run(ParameterSlice slice) => new(slice.Weight, (p, _) =>
        slice.Start >= 0 && slice.Length >= 1 && slice.Start + (long)slice.Length <= p.Count ? [slice with { Weight = p.Values }]
            : throw new ArgumentException($"asks for the values {slice.Start}..{slice.Start + (long)slice.Length} of {p}"));

    /// <summary>The runs of a parameter that indices along an axis are.</summary>
    public static IEnumerable<ParameterSlice> Along(ParameterShape p, int axis, Range range)
    {
        var what = axis == 0 ? "rows" : "columns";
        if (p.Axes.Count <= axis) throw new ArgumentException($"asks for {what} of {p}, which has none");
        var size = checked((int)p.Axes[axis]);
        var (from, to) = (range.Start.GetOffset(size), range.End.GetOffset(size));
        if (from < 0 || to > size || from >= to)
            throw new ArgumentException($"asks for the {what} {range} of {p}, which has {size}");
        var inner = checked((int)p.Axes.Skip(axis + 1).Aggregate(1L, (n, a) => n * a));
        var outer = p.Count / (size * inner);
        return Enumerable.Range(0, outer).Select(o => new ParameterSlice(p.Values, (o * size + from) * inner, (to - from) * inner));
    }

    /// <summary>The parameters of that name.</summary>
    public static IEnumerable<ParameterShape> Named(string pattern, IReadOnlyList<ParameterShape> module) =>
        module.Where(p => FileSystemName.MatchesSimpleExpression(pattern, p.Name, ignoreCase: false));

    /// <summary>The runs of all parameters that are meant.</summary>
    /// <exception cref="ArgumentException">None is, or one has no such runs; the message names the selection.</exception>
    public IEnumerable<ParameterSlice> In(IReadOnlyList<ParameterShape> module, string selection)
    {
        var found = Named(pattern, module).ToList();
        if (found.Count == 0)
            throw new ArgumentException($"The selection '{selection}' asks for '{pattern}'; {Those(module)}.");
        try
        {
            return [.. found.SelectMany(p => runs(p, module))];
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The selection '{selection}' {e.Message}.", e);
        }
    }

    private string Those(IReadOnlyList<ParameterShape> module)
    {
        string[] names = [.. module.Select(p => p.Name)];
        var more = names.Length > Listed ? $" and {names.Length - Listed} more" : "";
        var listed = $"the module has the parameters {string.Join(", ", names.Take(Listed))}{more}";
        return NearestName.Nearest(pattern, names) is { } nearest
            ? $"the nearest is '{nearest}'; {listed}" : "the module has no parameters: it registers none (RegisterComponents)";
    }
}
