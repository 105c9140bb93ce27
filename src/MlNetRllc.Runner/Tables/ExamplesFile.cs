namespace MlNetRllc.Runner.Tables;

/// <summary>The file of an examples step, <c>tables/STEP.json</c> (names in camelCase): what chosen heads do on example text.</summary>
/// <remarks>Numbers have three digits after the point. What there is none of (the loss of a context's first token) is null.</remarks>
/// <param name="Step">Training step of the checkpoint, the last one.</param>
/// <param name="Dataset">Whose text it is.</param>
/// <param name="Split">validation or training.</param>
/// <param name="Heads">The heads, in the order of the contexts' lists.</param>
/// <param name="Contexts">The texts.</param>
internal sealed record ExamplesFile(
    int Step, string Dataset, string Split, IReadOnlyList<ShownHead> Heads, IReadOnlyList<ShownContext> Contexts);

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
