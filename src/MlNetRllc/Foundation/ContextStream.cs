using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Foundation;

/// <summary>Contexts in a model file: sizes as JSON, tokens as a binary stream, masks as another.</summary>
internal static class ContextStream
{
    public static void WriteContexts(this ModelSaveContext ctx, params IReadOnlyList<ContextSet> datasets)
    {
        var packed = datasets.Select(d => new Packed(d.Name, d.Count, d.ContextLength) { Masked = d.IsMasked }).ToArray();
        ctx.WriteJson(packed, FoundationJson.Default.Kept<Packed[]>());
        ctx.SaveBinaryStream("Tokens", writer =>
        {
            foreach (var contexts in datasets)
                for (var i = 0; i < contexts.Count; i++) writer.Write(MemoryMarshal.AsBytes(contexts[i]));
        });
        if (!packed.Any(p => p.Masked)) return;
        ctx.SaveBinaryStream("Masks", writer =>
        {
            foreach (var contexts in datasets)
                for (var i = 0; i < contexts.Count; i++) writer.Write(MemoryMarshal.AsBytes(contexts.MaskOf(i)));
        });
    }

    public static ContextSet[] ReadContexts(this ModelLoadContext ctx)
    {
        var packed = ctx.ReadJson(FoundationJson.Default.Kept<Packed[]>());
        var read = ctx.ReadStream("Tokens", reader => packed.Select(p =>
        {
            var tokens = new int[checked(p.Count * p.Length)];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
            return new ContextSet(p.Name, tokens, p.Length);
        }).ToArray());
        return packed.Any(p => p.Masked) ? ctx.ReadStream("Masks", reader => read.Zip(packed, (contexts, p) =>
        {
            if (!p.Masked) return contexts;
            var flags = reader.ReadBytes(checked(p.Count * (p.Length - 1)));
            return contexts.WithMask([.. flags.Select(flag => flag != 0)]);
        }).ToArray()) : read;
    }

    internal sealed record Packed(string Name, int Count, int Length)
    {
        /// <summary>Whether the dataset has a mask; files of earlier versions know of none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool Masked { get; init; }
    }
}
