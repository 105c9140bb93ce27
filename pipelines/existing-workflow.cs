#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// An ordinary ML.NET workflow (load text, filter rows, cache, train, save, load, predict) with rLLC added to it.
// Run: dotnet run pipelines/existing-workflow.cs   (in seconds: -- --reduced)
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;

var reduced = args.Contains("--reduced");
var output = Directory.CreateDirectory(args.FirstOrDefault(a => !a.StartsWith('-')) ?? Path.Combine("runs", "existing-workflow")).FullName;
var ml = new MLContext(seed: 1);

// What was there before: rows, a stock filter, a cache.
var reviews = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(Review.Written));
var kept = ml.Data.Cache(ml.Data.FilterRowsByColumn(reviews, nameof(Review.Stars), lowerBound: 2));

// A language model of the text, as one more estimator.
var tokenizer = ml.Rllc.TokenizeText(vocabularySize: 300, contextLength: 16).Fit(kept);
var contexts = ml.Data.Cache(tokenizer.Transform(kept));
using var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
{
    Layers = 2, Heads = 2, ModelWidth = 16, HeadWidth = 8, Steps = reduced ? 20 : 500, BatchSize = 16, LearningRate = 3e-3,
    CheckpointFolder = Path.Combine(output, "checkpoints"), TopTokens = 3, Continuation = 8,
}).Fit(contexts);

// How degenerate is each head, where the model stands now?
var last = ml.Data.TakeRows(ml.Data.SkipRows(model.Checkpoints, model.Checkpoints.GetRowCount()!.Value - 1), 1);
var grid = ml.Rllc.EstimationGrid(last, components: ["heads"], datasets: ["reviews"]);
var rows = ml.Rllc.SampleSgld(new Dictionary<string, IDataView> { ["reviews"] = contexts },
        new() { Chains = reduced ? 2 : 4, Draws = reduced ? 5 : 100, BatchSize = 8 })
    .Append(ml.Rllc.EstimateRllc()).Fit(grid).Transform(grid);
var estimates = ml.Transforms.SelectColumns("Component", "Rllc", "RllcStdErr", "Status").Fit(rows).Transform(rows);
foreach (var row in ml.Rllc.ToDataFrame(estimates).Rows)
    Console.WriteLine(string.Join("  ", row));

// The model is saved and predicts like any other.
ml.Model.Save(model, contexts.Schema, Path.Combine(output, "model.zip"));
var loaded = ml.Model.Load(Path.Combine(output, "model.zip"), out _);
var drawn = loaded.Transform(ml.Data.TakeRows(contexts, 1)).GetColumn<int[]>("Continuation").Single();
Console.WriteLine($"Continuation: {tokenizer.Tokenizer.Decode(drawn)}");

internal sealed class Review
{
    public float Stars { get; set; }

    public string Text { get; set; } = "";

    public static Review Written(int number)
    {
        var stars = number % 5 + 1;
        return new()
        {
            Stars = stars,
            Text = $"Order {number % 60} came after {number % 7} days; I give it {stars} stars, {stars} of five.",
        };
    }
}
