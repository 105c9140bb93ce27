#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// The quickstart's study, composed in C#. Run: dotnet run pipelines/compose.cs
// For a look in seconds: dotnet run pipelines/compose.cs -- --reduced
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;
using MlNetRllc.Core.Training;
using MlNetRllc.Sampling;

var reduced = args.Contains("--reduced");
var output = Directory.CreateDirectory(args.FirstOrDefault(a => !a.StartsWith('-')) ?? Path.Combine("runs", "compose")).FullName;
var ml = new MLContext(seed: 1);

// Text -> contexts of tokens. One vocabulary serves both datasets: it is learned from the prose and used on the code.
var text = Text("dotnet-docs");
var tokenizer = ml.Rllc.TokenizeText("Tokens", "Text", vocabularySize: reduced ? 300 : 2048, contextLength: reduced ? 16 : 128).Fit(text);
var contexts = ml.Data.Cache(tokenizer.Transform(text));

// Contexts -> a trained model, with its weights kept along the way.
var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
{
    Layers = 2, Heads = reduced ? 2 : 4, ModelWidth = reduced ? 16 : 64, HeadWidth = reduced ? 8 : 16,
    Steps = reduced ? 20 : 600, BatchSize = 16, LearningRate = 3e-3,
    Checkpoints = new CheckpointSchedule { Logarithmic = reduced ? 3 : 12 },
    CheckpointFolder = Path.Combine(output, "checkpoints"),
}).Fit(contexts);

// Every checkpoint x every head x both datasets -> loss traces -> rLLCs -> clusters. Each stage appends columns to the rows.
var datasets = new Dictionary<string, IDataView>
{
    ["docs"] = ml.Data.Cache(ml.Data.TakeRows(contexts, 512)),
    ["code"] = ml.Data.Cache(ml.Data.TakeRows(tokenizer.Transform(Text("dotnet-code")), 512)),
};
var grid = ml.Rllc.EstimationGrid(model.Checkpoints, components: ["heads"], datasets: ["docs", "code"]);
var study = ml.Rllc.SampleSgld(datasets, new() { Chains = reduced ? 2 : 4, Draws = reduced ? 5 : 50, BatchSize = reduced ? 4 : 16 },
        new RowStore(Path.Combine(output, "rows")))
    .Append(ml.Rllc.EstimateRllc())
    .Append(ml.Rllc.ClusterTrajectories(clusters: reduced ? 2 : null));
var result = study.Fit(grid).Transform(grid);

ml.Rllc.SaveTable(model.Checkpoints, Path.Combine(output, "tables", "checkpoints.csv"));
ml.Rllc.SaveTable(ml.Transforms.DropColumns("Checkpoint").Fit(result).Transform(result), Path.Combine(output, "tables", "rllc.csv"));
ml.Rllc.SaveTable(result, Path.Combine(output, "tables", "rllc.parquet"));

var last = result.GetColumn<int>("Step").Max();
var rows = result.GetColumn<int>("Step").Zip(result.GetColumn<string>("Component"), result.GetColumn<string>("Dataset"))
    .Zip(result.GetColumn<double>("Rllc"), result.GetColumn<double>("RllcStdErr"));
foreach (var ((step, component, dataset), rllc, error) in rows.Where(r => r.First.First == last))
    Console.WriteLine($"step {step,5}  {component}  {dataset}  rLLC {rllc,8:0.000} +- {error:0.000}");
Console.WriteLine($"Tables are in {Path.Combine(output, "tables")}.");

// A reduced study looks at a little text, so that it takes seconds.
IDataView Text(string card)
{
    var loaded = ml.Rllc.LoadText(Path.Combine(Root(), "datasets", $"{card}.yaml")).View;
    return reduced ? ml.Data.TakeRows(loaded, 200) : loaded;
}

static string Root()
{
    for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        if (Directory.Exists(Path.Combine(folder.FullName, "datasets"))) return folder.FullName;
    throw new DirectoryNotFoundException("Run this inside the repository: the folder 'datasets' was not found here or above.");
}
