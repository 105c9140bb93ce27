using MlNetRllc.Core.Model;

namespace MlNetRllc.Modules;

/// <summary>Some parameters of a module, under a name: what is sampled while the rest stays fixed.</summary>
/// <remarks>
/// <para>A selection is the union of what it names: whole parameters, rows, columns, heads and runs of values. A value that is named
/// several times is sampled once, and the order of naming changes nothing. Selections are sampled apart, each with the others'
/// weights as they were trained, so that they may overlap each other.</para>
/// <para>In a name, <c>*</c> stands for any characters, dots too, and <c>?</c> for one. A name that no parameter bears is an error,
/// which gives the nearest one there is.</para>
/// </remarks>
/// <example>
/// <code>
/// using MlNetRllc.Modules;
///
/// // Torch's own attention keeps the weights of queries, keys and values in one matrix.
/// const string attention = "layers.0.self_attn";
/// var head = new ParameterSelection("l0h3").Head(3, of: 8, $"{attention}.in_proj_*", $"{attention}.out_proj.weight");
/// var norms = new ParameterSelection("norms", "*.norm?.weight", "*.norm?.bias");
/// var firstTokens = new ParameterSelection("first tokens").Rows("embedding.weight", 0..16);
/// Console.WriteLine($"{head.Name}, {norms.Name}, {firstTokens.Name}");
/// </code>
/// </example>
/// <param name="Name">Name of the selection, the slot name of its estimate.</param>
/// <param name="Parameters">Names of whole parameters, as <c>named_parameters</c> gives them.</param>
public sealed record ParameterSelection(string Name, params IReadOnlyList<string> Parameters)
{
    /// <summary>Runs of values within parameters, beside <see cref="Parameters"/>, for what is neither rows nor columns.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; init; } = [];

    /// <summary>All parameters: the (unrefined) local learning coefficient.</summary>
    public static ParameterSelection All { get; } = new("full", "*");

    /// <summary>Rows, columns and heads, in the order in which they were added.</summary>
    internal IReadOnlyList<SelectedPart> Parts { get; init; } = [];

    /// <summary>The same, and some rows of parameters: indices along the first axis, such as outputs of a Linear, channels that a
    /// convolution gives, tokens of an Embedding, values of a bias.</summary>
    /// <param name="parameters">Name of the parameters.</param>
    /// <param name="rows">Which, such as <c>0..16</c> or <c>^16..</c>.</param>
    public ParameterSelection Rows(string parameters, Range rows) => With(SelectedPart.Along(0, parameters, rows));

    /// <summary>The same, and some columns of parameters: indices along the second axis, such as inputs of a Linear or channels
    /// that a convolution takes.</summary>
    /// <param name="parameters">Name of the parameters.</param>
    /// <param name="columns">Which.</param>
    public ParameterSelection Columns(string parameters, Range columns) => With(SelectedPart.Along(1, parameters, columns));

    /// <summary>The same, and an attention head whose queries, keys and values have weights of their own.</summary>
    /// <remarks>The head's part of the rows of <paramref name="query"/>, <paramref name="key"/> and <paramref name="value"/>, which may
    /// name biases too (<c>query.*</c>), and of the columns of <paramref name="output"/>, whose bias belongs to no head. Weights of
    /// three axes whose first is the head, as TransformerLens has them, give that head's matrix. Heads that share keys and values
    /// are refused: say their <see cref="Rows"/>.</remarks>
    /// <param name="head">From 0.</param>
    /// <param name="of">Heads there are.</param>
    /// <param name="query">Name of the query weights, [d_head of, d_model].</param>
    /// <param name="key">Name of the key weights, as many rows.</param>
    /// <param name="value">Name of the value weights.</param>
    /// <param name="output">Name of the output weights, [d_model, d_head of].</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public ParameterSelection Head(int head, int of, string query, string key, string value, string output) =>
        With([.. SelectedHead.Unfused(head, of, query, key, value), SelectedHead.Output(head, of, output)]);

    /// <summary>The same, and an attention head whose queries, keys and values are fused into one matrix.</summary>
    /// <remarks>Fused as in torch's MultiheadAttention: the rows of all queries, then of all keys, then of all values. Where each
    /// head's three follow each other, or the matrix lies the other way round, say <see cref="Rows"/> and
    /// <see cref="Columns"/>.</remarks>
    /// <param name="head">From 0.</param>
    /// <param name="of">Heads there are.</param>
    /// <param name="fused">Name of the fused weights, [3 d_head of, d_model], such as <c>attn.in_proj_*</c> with the bias.</param>
    /// <param name="output">Name of the output weights, [d_model, d_head of].</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public ParameterSelection Head(int head, int of, string fused, string output) =>
        With(SelectedHead.Fused(head, of, fused), SelectedHead.Output(head, of, output));

    /// <summary>The values that are meant, each once, in the module's order.</summary>
    internal IReadOnlyList<ParameterSlice> In(IReadOnlyList<ParameterShape> module)
    {
        var asked = Parameters.Select(SelectedPart.Whole).Concat(Parts).Concat(Slices.Select(SelectedPart.Run)).ToList();
        if (asked.Count == 0) throw new ArgumentException($"The selection '{Name}' names no parameter.");
        var runs = asked.SelectMany(part => part.In(module, Name)).ToLookup(run => run.Weight, StringComparer.Ordinal);
        return [.. module.SelectMany(parameter => Merged(runs[parameter.Name]))];
    }

    /// <summary>Runs of one parameter in their order, those that touch or overlap as one.</summary>
    private static IEnumerable<ParameterSlice> Merged(IEnumerable<ParameterSlice> runs)
    {
        ParameterSlice? open = null;
        foreach (var next in runs.OrderBy(run => run.Start))
        {
            if (open is { } run && next.Start <= run.Start + run.Length)
            {
                open = run with { Length = Math.Max(run.Length, next.Start + next.Length - run.Start) };
                continue;
            }
            if (open is { } done) yield return done;
            open = next;
        }
        if (open is { } last) yield return last;
    }

    private ParameterSelection With(params IEnumerable<SelectedPart> more) => this with { Parts = [.. Parts, .. more] };
}
