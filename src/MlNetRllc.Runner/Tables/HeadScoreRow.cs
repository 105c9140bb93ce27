using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using MlNetRllc.Foundation;
using MlNetRllc.Heads;

namespace MlNetRllc.Runner.Tables;

/// <summary>A row of a score step's table: what <c>ScoreHeads</c> found of one head at one checkpoint, every
/// score that <see cref="HeadScoreSchema"/> declares; NaN where not measured. The properties are those that
/// figures and findings ask for by name.</summary>
internal sealed record HeadScoreRow
{
    private ImmutableDictionary<string, double> numbers = ImmutableDictionary<string, double>.Empty;
    private ImmutableDictionary<string, double[]> vectors = ImmutableDictionary<string, double[]>.Empty;

    public int Step { get; init; }

    public string Component { get; init; } = "";

    /// <summary>What was not measured, and why.</summary>
    public string ScoreNotes { get; init; } = "";

    /// <summary>A score by its column.</summary>
    public double this[string column]
    {
        get => numbers.GetValueOrDefault(column, double.NaN);
        init => numbers = numbers.SetItem(column, value);
    }

    public double PreviousToken { get => Number(); init => SetNumber(value); }

    public double CurrentToken { get => Number(); init => SetNumber(value); }

    public double PrefixMatching { get => Number(); init => SetNumber(value); }

    public double ZeroAblation { get => Number(); init => SetNumber(value); }

    public double ZeroAblationStdErr { get => Number(); init => SetNumber(value); }

    public double MeanAblation { get => Number(); init => SetNumber(value); }

    public double MeanAblationStdErr { get => Number(); init => SetNumber(value); }

    public double ResampleAblation { get => Number(); init => SetNumber(value); }

    public double ResampleAblationStdErr { get => Number(); init => SetNumber(value); }

    public double PositionAblation { get => Number(); init => SetNumber(value); }

    public double PositionAblationStdErr { get => Number(); init => SetNumber(value); }

    public double InductionTokens { get => Number(); init => SetNumber(value); }

    public double BracketTokens { get => Number(); init => SetNumber(value); }

    public double NGramTokens { get => Number(); init => SetNumber(value); }

    public double SkipNGramTokens { get => Number(); init => SetNumber(value); }

    public double UnexplainedTokens { get => Number(); init => SetNumber(value); }

    public double MemorisedMultigrams { get => Number(); init => SetNumber(value); }

    public double HessianTrace { get => Number(); init => SetNumber(value); }

    public double FisherTrace { get => Number(); init => SetNumber(value); }

    public double LastTokenChance { get => Number(); init => SetNumber(value); }

    public double PrefixMatchingChance { get => Number(); init => SetNumber(value); }

    public double InContextLearning { get => Number(); init => SetNumber(value); }

    public double InContextLearningStdErr { get => Number(); init => SetNumber(value); }

    public double BigramCrossEntropy { get => Number(); init => SetNumber(value); }

    public double BigramEntropy { get => Number(); init => SetNumber(value); }

    public double ModelPositionAblation { get => Number(); init => SetNumber(value); }

    public double ModelPositionAblationStdErr { get => Number(); init => SetNumber(value); }

    public double[] QComposition { get => Vector(); init => SetVector(value); }

    public double[] KComposition { get => Vector(); init => SetVector(value); }

    public double[] VComposition { get => Vector(); init => SetVector(value); }

    public double[] PathAblation { get => Vector(); init => SetVector(value); }

    public double[] NGrams { get => Vector(); init => SetVector(value); }

    /// <summary>A vector of scores by its column; empty where there is none.</summary>
    public double[] VectorOf(string column) => vectors.GetValueOrDefault(column) ?? [];

    /// <summary>The rows of a table of scores.</summary>
    public static List<HeadScoreRow> RowsOf(IDataView scores)
    {
        var numbers = HeadScoreSchema.Numbers.Select(n => n.Name).ToList();
        var vectors = HeadScoreSchema.Vectors.Select(v => v.Name).ToList();
        string[] columns = [RllcColumns.Step, RllcColumns.Component, RllcColumns.ScoreNotes, .. numbers, .. vectors];
        using var cursor = scores.GetRowCursor(columns.Select(column => scores.Schema[column]));
        var (step, component) = (cursor.Read<int>(RllcColumns.Step), cursor.ReadText(RllcColumns.Component));
        var notes = cursor.ReadText(RllcColumns.ScoreNotes);
        var number = numbers.ConvertAll(name => cursor.Read<double>(name));
        var vector = vectors.ConvertAll(name => cursor.ReadVector<double>(name));
        var rows = new List<HeadScoreRow>();
        while (cursor.MoveNext())
        {
            rows.Add(new()
            {
                Step = step(),
                Component = component(),
                ScoreNotes = notes(),
                numbers = numbers.Select((name, i) => KeyValuePair.Create(name, number[i]())).ToImmutableDictionary(),
                vectors = vectors.Select((name, i) => KeyValuePair.Create(name, vector[i]())).ToImmutableDictionary(),
            });
        }
        return rows;
    }

    private double Number([CallerMemberName] string column = "") => this[column];

    private void SetNumber(double value, [CallerMemberName] string column = "") => numbers = numbers.SetItem(column, value);

    private double[] Vector([CallerMemberName] string column = "") => VectorOf(column);

    private void SetVector(double[] value, [CallerMemberName] string column = "") => vectors = vectors.SetItem(column, value);
}
