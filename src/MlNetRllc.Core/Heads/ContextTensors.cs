using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Heads;

/// <summary>Contexts as tensors.</summary>
internal static class ContextTensors
{
    /// <summary>Token ids of consecutive contexts, [batch, pos], int64.</summary>
    public static Tensor ToTensor(this ContextSet contexts, int count, int from = 0)
    {
        var ids = new long[count * contexts.ContextLength];
        for (var i = 0; i < count; i++)
        {
            var tokens = contexts[from + i];
            for (var t = 0; t < tokens.Length; t++) ids[i * tokens.Length + t] = tokens[t];
        }
        return tensor(ids, [count, contexts.ContextLength]);
    }
}
