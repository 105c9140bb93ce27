using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Foundation;
using static TorchSharp.torch;

namespace MlNetRllc.Training;

/// <summary>Draws what the model expects after a row of tokens, one token after another.</summary>
internal static class Continuation
{
    /// <summary>The drawn tokens. The model sees the last tokens that fit its context; random numbers follow
    /// from the seed and the row's tokens alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The row, [1, pos].</param>
    /// <param name="options">How many, at which temperature, from which seed.</param>
    /// <param name="stopping">Who may stop between two tokens.</param>
    public static int[] Draw(AttentionOnlyTransformer model, Tensor ids, LanguageModelOutputs options, Stopping stopping)
    {
        var seen = ids.cpu().data<long>().ToList();
        var random = NamedRandom.Stream(options.Seed, "continuation", string.Join(' ', seen));
        var drawn = new int[options.Continuation];
        for (var i = 0; i < drawn.Length; i++)
        {
            stopping.ThrowIfAsked();
            using var scope = NewDisposeScope();
            var window = seen.TakeLast(model.Config.ContextLength).ToArray();
            var given = tensor(window, [1, window.Length], device: ids.device);                                // [1, pos]
            var last = model.forward(given).select(1, window.Length - 1);                                      // [1, vocab]
            var logits = last.view(-1).cpu().to(ScalarType.Float64);                                           // [vocab]
            drawn[i] = options.Temperature == 0 ? (int)logits.argmax().item<long>()
                : Pick(logits.div(tensor(options.Temperature)).softmax(0).data<double>().ToArray(), random.Uniform((ulong)i, 0));
            seen.Add(drawn[i]);
        }
        return drawn;
    }

    private static int Pick(double[] probabilities, double uniform)
    {
        for (var token = 0; token < probabilities.Length; token++)
            if ((uniform -= probabilities[token]) < 0) return token;
        return Array.FindLastIndex(probabilities, p => p > 0); // rounding left a little over
    }
}
