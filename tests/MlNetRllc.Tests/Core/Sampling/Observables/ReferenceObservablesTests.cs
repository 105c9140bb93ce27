using System.Numerics;
using System.Text.Json;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Dynamics;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling.Observables;

/// <summary>Devinterp 2.0.1's own walk on the reference transformer, with its noise and batches: the losses of every step and of
/// every probe token at every draw.</summary>
public sealed class ReferenceObservablesTests
{
    private static readonly TransformerConfig Config = ReferenceTransformer.Config;
    private static readonly JsonElement File = ReferenceData.Read("sampler_observables.json");
    private static readonly string[] Probes = ["train", "probe"];

    public static TheoryData<string> Runs => ["full", "l0h1", "l1h0", "other"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void AutogradInDouble_FollowsTheReference(string run)
    {
        using var engine = new DoubleEngine(RunOf(run));
        AssertFollows(RunOf(run), engine, 1e-11);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void LockStepInSingle_FollowsTheReference(string run)
    {
        var reference = RunOf(run);
        using var engine = new LockStepEngine(
            Config, ReferenceTransformer.Weights(), [ComponentOf(reference)], Batches(reference), threads: 2)
        {
            Probes = [.. Probes.Select(Probe)],
        };
        AssertFollows(reference, engine, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void AutogradInSingle_FollowsTheReference(string run)
    {
        var reference = RunOf(run);
        using var engine = new LanguageModelAutogradEngine(
            Config, ReferenceTransformer.Weights(), [ComponentOf(reference)], Batches(reference), null)
        {
            Probes = [.. Probes.Select(Probe)],
        };
        AssertFollows(reference, engine, 1e-5);
    }

    private static void AssertFollows<T>(JsonElement run, ITokenLossEngine<T> engine, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var options = OptionsOf(run.GetProperty("settings"));
        var (component, settings) = (ComponentOf(run), run.GetProperty("settings"));
        var rows = settings.GetProperty("batch_size").GetInt32() * options.GradientAccumulation;
        int[] drawAfter = [.. run.Numbers("draw_after_step").Select(s => (int)s)];
        foreach (var (p, probe) in Probes.Index()) AssertClose(run.GetProperty("star_loss").Numbers(probe), engine.TokenLossesOfCenter(p));

        for (var chain = 0; chain < options.Chains; chain++)
        {
            var walker = new Walker<T>(0, chain, engine.CenterOf(0));
            var dynamics = Dynamics<T>.Create(options, walker.Center.Length);
            var noises = run.GetProperty("noise")[chain];
            for (var (step, draw) = (0, 0); step < noises.GetArrayLength(); step++)
            {
                var first = (chain * noises.GetArrayLength() + step) * rows;
                var baseline = engine.Evaluate([.. Enumerable.Range(first, rows)], [walker]);
                Assert.Equal(run.GetProperty("step_loss")[chain][step].Numbers().Average(), walker.Loss, tolerance);
                dynamics.Step(walker, baseline, Flat<T>(noises[step], component));
                if (step != drawAfter[draw]) continue;
                foreach (var (p, probe) in Probes.Index())
                {
                    var losses = new double[engine.TokenLossesOfCenter(p).Length];
                    engine.TokenLosses(p, [walker], (_, context, own) => own.CopyTo(losses.AsSpan(context * own.Length)));
                    AssertClose(run.GetProperty("loss").GetProperty(probe)[chain][draw].Numbers(), losses);
                }
                if (++draw == drawAfter.Length) break;
            }
            var expected = Flat<T>(run.GetProperty("weights_after_last_draw")[chain], component);
            AssertClose([.. expected.Select(double.CreateChecked)], [.. walker.Position.Select(double.CreateChecked)]);
        }

        void AssertClose(double[] expected, double[] found) =>
            Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < tolerance * Math.Max(1, Math.Abs(a)));
    }

    private static SgldOptions OptionsOf(JsonElement settings)
    {
        double Number(string name, double otherwise) => settings.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        return new()
        {
            Method = settings.TryGetProperty("sampling_method", out var method) && method.GetString() == "rmsprop_sgld"
                ? SamplingMethod.RmsPropSgld : SamplingMethod.Sgld,
            StepSize = Number("lr", 0),
            NBeta = Number("n_beta", 0),
            Localization = Number("localization", 0),
            WeightDecay = Number("llc_weight_decay", 0),
            RmsPropDecay = Number("rmsprop_alpha", 0.99),
            RmsPropEpsilon = Number("rmsprop_eps", 0.1),
            GradientAccumulation = (int)Number("gradient_accumulation_steps", 1),
            Chains = (int)Number("num_chains", 0),
        };
    }

    private static JsonElement RunOf(string name) => name == "other" ? File.GetProperty("other_run")
        : File.GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("component").GetString() == name);

    private static Component ComponentOf(JsonElement run) => Component.Parse(run.GetProperty("component").GetString()!, Config);

    /// <summary>The component's own entries, in the engines' order.</summary>
    private static T[] Flat<T>(JsonElement byName, Component component) where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. component.Slices.SelectMany(slice =>
        {
            var values = byName.Numbers(ReferenceTransformer.NameInReference(slice.Weight));
            return values.Length == slice.Length ? values : values[slice.Start..(slice.Start + slice.Length)];
        }).Select(T.CreateChecked)];

    private static ContextSet Batches(JsonElement run) => Set("batches", run.GetProperty("batches"));

    private static ContextSet Probe(string name) => Set(name, RunOf("full").GetProperty("input_ids").GetProperty(name));

    private static ContextSet Set(string name, JsonElement ids) => new(name, ids.Numbers().Select(t => (int)t).ToArray(), 9);

    /// <summary>Autograd in float64: the model's own losses at a walker's weights.</summary>
    private sealed class DoubleEngine : ITokenLossEngine<double>
    {
        private readonly AttentionOnlyTransformer model = new(Config, ScalarType.Float64);
        private readonly AutogradEngine<double> engine;

        public DoubleEngine(JsonElement run)
        {
            ReferenceTransformer.LoadInDouble(model);
            var contexts = Batches(run);
            var parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
            engine = new(parameters, [ComponentOf(run).Slices], contexts.Count, rows => LossesOf(contexts, rows).mean());
        }

        public int RowCount => engine.RowCount;

        public double[] CenterOf(int component) => engine.CenterOf(component);

        public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<double>> walkers) => engine.Evaluate(rows, walkers);

        public double[] TokenLossesOfCenter(int probe)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var set = Probe(Probes[probe]);
            return LossesOf(set, [.. Enumerable.Range(0, set.Count)]).contiguous().data<double>().ToArray();
        }

        public void TokenLosses(int probe, IReadOnlyList<Walker<double>> walkers, TokenLossVisitor visit)
        {
            foreach (var (w, walker) in walkers.Index())
                engine.At(walker, () =>
                {
                    foreach (var (context, losses) in TokenLossesOfCenter(probe).Chunk(8).Index()) visit(w, context, losses);
                });
        }

        public void Dispose()
        {
            engine.Dispose();
            model.Dispose();
        }

        private Tensor LossesOf(ContextSet contexts, int[] rows)
        {
            long[] tokens = [.. rows.SelectMany(r => contexts[r].ToArray()).Select(t => (long)t)];
            return model.PerTokenLoss(tensor(tokens, [rows.Length, contexts.ContextLength]));
        }
    }
}
