using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>A head at some neighbouring tokens of a context.</summary>
/// <param name="Head">The head.</param>
/// <param name="From">The first of the tokens, from 0.</param>
/// <param name="Count">How many they are.</param>
internal readonly record struct AttentionWindow(HeadName Head, int From, int Count);

/// <summary>What heads of one checkpoint attend to within windows of contexts.</summary>
internal sealed class AttentionWindows : IDisposable
{
    private readonly AttentionOnlyTransformer model;

    /// <summary>Loads the model.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="weights">Its weights.</param>
    public AttentionWindows(TransformerConfig config, WeightSet weights)
    {
        Native.TorchNative.EnsureLoaded();
        model = new(config);
        model.Load(weights);
    }

    /// <summary>The attention of each window: [query][key], both among its tokens and the key up to the query. It is what the head
    /// attends to in the whole context, so a row adds up to less than 1 where it looks before the window.</summary>
    /// <param name="contexts">The contexts.</param>
    /// <param name="context">Which of them.</param>
    /// <param name="windows">Where to look.</param>
    public IReadOnlyList<IReadOnlyList<float[]>> Look(ContextSet contexts, int context, IReadOnlyList<AttentionWindow> windows)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var read = windows.Max(w => w.From + w.Count);
        var patterns = model.AttentionPatterns(contexts.ToTensor(1, context).narrow(1, 0, read)); // [layer] of [1, head, query, key]
        return [.. windows.Select(w =>
        {
            var own = patterns[w.Head.Layer][0, w.Head.Head].narrow(0, w.From, w.Count).narrow(1, w.From, w.Count); // [query, key]
            return (IReadOnlyList<float[]>)[.. own.contiguous().data<float>().ToArray().Chunk(w.Count).Select((row, q) => row[..(q + 1)])];
        })];
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => model.Dispose();
}
