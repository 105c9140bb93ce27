using System.Text.Json.Serialization;

namespace MlNetRllc.Runner.Tables;

/// <summary>The file of an examples step, <c>tables/STEP.json</c> (names in camelCase): what chosen heads do on example text.</summary>
/// <remarks>Numbers have three digits after the point. What there is none of (the loss of a context's first token) is null.</remarks>
/// <param name="Step">Training step of the checkpoint, the last one.</param>
/// <param name="Dataset">Whose text it is.</param>
/// <param name="Split">validation or training.</param>
/// <param name="Heads">The heads, in the order of the contexts' lists.</param>
/// <param name="Contexts">The texts.</param>
internal sealed record ExamplesFile(
    int Step, string Dataset, string Split, IReadOnlyList<ShownHead> Heads, IReadOnlyList<ShownContext> Contexts)
{
    /// <summary>Tokens that heads answer to most and least; absent when the step reads no single tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ShownToken>? Samples { get; init; }
}

/// <summary>A head that is shown.</summary>
/// <param name="Head">Such as <c>l1h3</c>.</param>
/// <param name="Type">Such as <c>induction</c>.</param>
internal sealed record ShownHead(string Head, string Type);

/// <summary>A text.</summary>
/// <param name="Tokens">What each token stands for.</param>
/// <param name="Losses">[token], nats; null for the first.</param>
/// <param name="Heads">What each head does there, in the order of <see cref="ExamplesFile.Heads"/>.</param>
internal sealed record ShownContext(IReadOnlyList<string> Tokens, IReadOnlyList<double?> Losses, IReadOnlyList<ShownAttention> Heads);

/// <summary>What a head does in a text.</summary>
/// <param name="Attention">[query][key], key from 0 to the query: what the query's token attends to.</param>
/// <param name="LossChange">[token]: loss without the head (its mean output instead) minus loss with it, nats;
/// null for the first token.</param>
internal sealed record ShownAttention(IReadOnlyList<IReadOnlyList<double>> Attention, IReadOnlyList<double?> LossChange);

/// <summary>A token of a probe set, in a window of its context.</summary>
/// <param name="Head">Whose answer it is.</param>
/// <param name="Dataset">What the head's chains were sampled on.</param>
/// <param name="Probe">The probe set.</param>
/// <param name="Kind">top, bottom or decile.</param>
/// <param name="Decile">10 to 90; 0 for another kind.</param>
/// <param name="Context">The context's number in the probe set.</param>
/// <param name="Place">The token's place in the window.</param>
/// <param name="Tokens">The window: what each token stands for.</param>
/// <param name="Values">[token]: nbeta times the mean over draws of its loss less that of the checkpoint, nats; null for a context's
/// first token.</param>
/// <param name="Errors">[token]: standard errors of these.</param>
/// <param name="Attention">The head's attention within the window, as <see cref="PackedAttention"/> says it; rows add up to less
/// than 1 where the head looks before the window.</param>
internal sealed record ShownToken(
    string Head, string Dataset, string Probe, string Kind, int Decile, int Context, int Place, IReadOnlyList<string> Tokens,
    IReadOnlyList<double?> Values, IReadOnlyList<double?> Errors, string Attention);
