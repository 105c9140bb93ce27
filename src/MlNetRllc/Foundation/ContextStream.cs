using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Foundation;

/// <summary>Contexts in a model file: sizes as JSON, tokens as a binary stream.</summary>
internal static class ContextStream
{
    public static void WriteContexts(this ModelSaveContext ctx, params IReadOnlyList<ContextSet> datasets)
    {
        var packed = datasets.Select(d => new Packed(d.Name, d.Count, d.ContextLength)).ToArray();
        ctx.WriteJson(packed, FoundationJson.Default.Kept<Packed[]>());
        ctx.SaveBinaryStream("Tokens", writer =>
        {
            foreach (var contexts in datasets)
                for (var i = 0; i < contexts.Count; i++) writer.Write(MemoryMarshal.AsBytes(contexts[i]));
        });
    }

    public static ContextSet[] ReadContexts(this ModelLoadContext ctx)
    {
        var packed = ctx.ReadJson(FoundationJson.Default.Kept<Packed[]>());
        return ctx.ReadStream("Tokens", reader => packed.Select(p =>
        {
            var tokens = new int[checked(p.Count * p.Length)];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return new ContextSet(p.Name, tokens, p.Length);
        }).ToArray());
    }

    internal sealed record Packed(string Name, int Count, int Length);
}
