#!/usr/bin/env dotnet
#:project ../src/MlNetRllc/MlNetRllc.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// A folder of checkpoints that another program trained (safetensors or PyTorch state dicts, TransformerLens names): the rLLC of every head
// over training, with no training step of ours.
// Run: dotnet run pipelines/foreign-checkpoints.cs -- FOLDER TOKENS.csv OUTPUT.csv   (in seconds: add --reduced)
// TOKENS.csv holds one context a line, token ids separated by commas, all lines of one length.
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc;

var reduced = args.Contains("--reduced");
string[] paths = [.. args.Where(a => !a.StartsWith('-'))];
if (paths is not [var folder, var tokens, var output])
{
    Console.Error.WriteLine("Usage: foreign-checkpoints.cs FOLDER TOKENS.csv OUTPUT.csv [--reduced]");
    return 2;
}
var ml = new MLContext(seed: 1);

var length = File.ReadLines(tokens).First().Split(',').Length;
var contexts = ml.Data.LoadFromTextFile(tokens, [new TextLoader.Column("Tokens", DataKind.Int32, 0, length - 1)], separatorChar: ',');
var checkpoints = ml.Rllc.LoadCheckpoints(folder);
var grid = ml.Rllc.EstimationGrid(checkpoints, components: ["heads"], datasets: ["text"]);
var study = ml.Rllc.SampleSgld(new Dictionary<string, IDataView> { ["text"] = contexts },
        new() { Chains = reduced ? 2 : 4, Draws = reduced ? 5 : 200, BatchSize = reduced ? 4 : 32 })
    .Append(ml.Rllc.EstimateRllc());
var result = study.Fit(grid).Transform(grid);
ml.Rllc.SaveTable(result, output);
Console.WriteLine($"{checkpoints.GetRowCount()} checkpoints; the table is in {Path.GetFullPath(output)}.");
return 0;
