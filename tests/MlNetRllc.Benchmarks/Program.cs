using System.CommandLine;
using MlNetRllc.Benchmarks;

var json = new Option<string?>("--json")
{
    Description = "write the result to FOLDER/PROCESSOR/BENCHMARK.json, with versions and date",
    Recursive = true,
};
var repeats = new Option<int>("--repeats") { Description = "measurements of each case; the median counts", DefaultValueFactory = _ => 7 };
var threads = new Option<int>("--threads")
{
    Description = "threads for both sides",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var draws = new Option<int>("--draws") { Description = "draws a chain", DefaultValueFactory = _ => 40 };
var training = new Option<int>("--training-steps") { Description = "steps the model is trained before", DefaultValueFactory = _ => 200 };
var part = new Option<string?>("--part") { Hidden = true };

var only = new Option<string?>("--case") { Description = "one case of the table, such as \"whole model\"" };
var sampling = new Command("sampling", "tokens a second of the lock-step engine beside plain autograd") { repeats, threads, only };
sampling.SetAction(arguments =>
{
    var benchmark = new SamplingBenchmark(arguments.GetValue(repeats), arguments.GetValue(threads), arguments.GetValue(only));
    Write(arguments, "sampling", benchmark.Run());
});
var error = new Command("error", "processor time to a standard error, beside autograd with the unpaired baseline") { draws, training };
error.SetAction(arguments =>
    Write(arguments, "error", ErrorBenchmark.Run(arguments.GetValue(draws), arguments.GetValue(training))));
var memory = new Command("memory", "peak memory of a sweep beside one training step") { part };
memory.SetAction(arguments =>
{
    if (arguments.GetValue(part) is { } one) MemoryBenchmark.RunPart(one);
    else Write(arguments, "memory", MemoryBenchmark.Run());
});
var train = new Command("training", "a training step beside a plain eager one") { repeats };
train.SetAction(arguments => Write(arguments, "training", TrainingBenchmark.Run(arguments.GetValue(repeats))));
var texts = new Argument<string>("texts") { Description = "folder of real text to mix: .txt, .raw and .md files" };
var megabytes = new Option<int>("--megabytes") { Description = "size of the mixed file, 10^6 bytes", DefaultValueFactory = _ => 1000 };
var vocabulary = new Option<int>("--vocabulary") { Description = "tokens in the vocabulary", DefaultValueFactory = _ => 2048 };
var streaming = new Command("streaming", "text into a token store: bytes a second and peak memory") { texts, megabytes, vocabulary, part };
streaming.SetAction(arguments =>
{
    if (arguments.GetValue(part) is { } folder)
        Write(arguments, "streaming", StreamingBenchmark.RunPart(folder, arguments.GetValue(vocabulary)));
    else
        StreamingBenchmark.Run(
            arguments.GetValue(texts)!, arguments.GetValue(megabytes), arguments.GetValue(vocabulary), arguments.GetValue(json));
});

var overhead = new Command("overhead", "a sweep through ML.NET beside the same by Core alone") { repeats };
overhead.SetAction(arguments => Write(arguments, "overhead", OverheadBenchmark.Run(arguments.GetValue(repeats))));

var cases = new Argument<string[]>("cases")
{
    Description = "what is measured; everything when left out",
    Arity = ArgumentArity.ZeroOrMore,
};
var growth = new Command("growth", "how time and memory grow with one size at a time") { cases, part };
growth.SetAction(arguments =>
{
    if (arguments.GetValue(part)?.Split(' ') is [var name, var size])
        GrowthBenchmark.RunPart(name, int.Parse(size, System.Globalization.CultureInfo.InvariantCulture));
    else Write(arguments, "growth", GrowthBenchmark.Run(arguments.GetValue(cases) ?? []));
});

var kernels = new Command("kernels", "rates of the kernels of every width, beside the processor's peak");
kernels.SetAction(arguments => Write(arguments, "kernels", KernelBenchmark.Run()));

var clusterings = new Option<int>("--repeats")
{
    Description = "measurements of each case; the median counts",
    DefaultValueFactory = _ => 3,
};
var clustering = new Command("clustering", "seconds to cluster curves of three channels by each method") { clusterings };
clustering.SetAction(arguments => Write(arguments, "clustering", ClusteringBenchmark.Run(arguments.GetValue(clusterings))));

var observables = new Command("observables", "what a probe set costs beside the sampling, with plain autograd doing the same")
{
    clusterings, threads, only, part,
};
observables.SetAction(arguments =>
{
    if (arguments.GetValue(part) is { } tokens) ObservableBenchmark.RunPart(tokens);
    else
        Write(arguments, "observables", ObservableBenchmark.Run(
            arguments.GetValue(clusterings), arguments.GetValue(threads), arguments.GetValue(only)));
});

var root = new RootCommand("Ratios measured side by side in one process.")
{
    json, sampling, error, memory, train, streaming, overhead, growth, kernels, clustering, observables,
};
return root.Parse(args).Invoke();

void Write(ParseResult arguments, string benchmark, object result) =>
    BenchmarkResults.Write(arguments.GetValue(json), benchmark, result);
