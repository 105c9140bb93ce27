using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Model;
using MlNetRllc.Foundation;

namespace MlNetRllc.Training;

/// <summary>Which optional columns a trained model appends.</summary>
internal sealed record LanguageModelOutputs(bool TokenLosses, int TopTokens, bool Attention)
{
    public int Continuation { get; init; }

    public double Temperature { get; init; } = 1;

    public int Seed { get; init; } = 1;
}

/// <summary>The columns that a trained model appends.</summary>
internal static class LanguageModelColumns
{
    public static IReadOnlyList<DataViewSchema.DetachedColumn> ColumnsFor(
        TransformerConfig config, int contextLength, LanguageModelOutputs outputs)
    {
        var pos = contextLength;
        var columns = new List<DataViewSchema.DetachedColumn> { ColumnTypes.Scalar<float>(RllcColumns.Loss) };
        if (outputs.TokenLosses) columns.Add(ColumnTypes.Vector<float>(RllcColumns.TokenLosses, pos - 1, i => $"pos{i + 1}"));
        if (outputs.TopTokens > 0)
        {
            columns.Add(ColumnTypes.Vector<int>(RllcColumns.NextTokens, outputs.TopTokens, i => $"top{i + 1}"));
            columns.Add(ColumnTypes.Vector<float>(RllcColumns.NextTokenProbabilities, outputs.TopTokens, i => $"top{i + 1}"));
        }
        if (outputs.Continuation > 0) columns.Add(ColumnTypes.Vector<int>(RllcColumns.Continuation, outputs.Continuation,
            i => $"next{i + 1}"));
        if (outputs.Attention)
            columns.Add(ColumnTypes.Vector<float>(RllcColumns.Attention, checked(config.Layers * config.Heads * pos * pos),
                i => $"{new HeadName(i / (pos * pos) / config.Heads, i / (pos * pos) % config.Heads)} q{i / pos % pos} k{i % pos}",
                config.Layers, config.Heads, pos, pos));
        return columns;
    }
}
