using System.CommandLine;
using MlNetRllc.Benchmarks;

var json = new Option<string?>("--json") { Description = "write the rows to this file" };
var repeats = new Option<int>("--repeats") { Description = "measurements of each case; the median counts", DefaultValueFactory = _ => 7 };
var threads = new Option<int>("--threads") { Description = "threads for both sides", DefaultValueFactory = _ => Environment.ProcessorCount };

var sampling = new Command("sampling", "the lock-step engine beside plain autograd") { json, repeats, threads };
sampling.SetAction(arguments =>
{
    Console.WriteLine($"{"case",-30} {"tokens/s",12} {"reference",12} {"ratio",8}");
    var rows = new SamplingBenchmark(arguments.GetValue(repeats), arguments.GetValue(threads)).Run();
    if (arguments.GetValue(json) is { } path) SamplingBenchmark.Write(rows, path);
});
return new RootCommand("Ratios measured side by side in one process.") { sampling }.Parse(args).Invoke();
