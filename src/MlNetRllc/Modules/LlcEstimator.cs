using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>Estimates local learning coefficients of any trained module on the rows of a table: of the whole
/// module, or refined to some of its parameters.</summary>
/// <remarks>
/// <para><c>Fit</c> reads the rows and samples by stochastic gradient Langevin dynamics
/// around the module's present weights. The transformer appends the result, the same in every row; slots bear
/// the names of the selections:</para>
/// <list type="table">
/// <listheader><term>Column</term><description>Type and meaning</description></listheader>
/// <item><term>Llc</term><description>vector of Double [selection]: nbeta times the mean loss difference (Lau
/// et al., arXiv 2308.12108; refined: Wang et al., arXiv 2410.02984), dimensionless</description></item>
/// <item><term>LlcStdErr</term><description>vector of Double [selection]: its standard error</description></item>
/// <item><term>LlcRHat</term><description>vector of Double [selection]: rank-normalised split R-hat</description></item>
/// <item><term>LlcEss</term><description>vector of Double [selection]: bulk effective sample size</description></item>
/// <item><term>LlcStatus</term><description>vector of Text [selection]: ok, not-converged, negative, diverged
/// or failed</description></item>
/// </list>
/// <para>The module is one for all calls, and its weights move while it is sampled: do not use it elsewhere
/// until <c>Fit</c> has returned; a second <c>Fit</c> on it meanwhile is refused. It runs in evaluation mode
/// (no dropout, batch statistics as trained). With <c>MLContext.GpuDeviceId</c> it is sampled on that GPU and
/// brought back.</para>
/// <para>The log says at the start how chains are sampled, and after the first steps how long they take;
/// <see cref="Plan"/> says both before.</para>
/// </remarks>
public sealed class LlcEstimator : ComponentEstimator<LlcTransformer>
{
    private readonly nn.Module module;
    private readonly ModuleSource source;
    private readonly LlcOptions options;
    private readonly int? seed;

    internal LlcEstimator(IHostEnvironment environment, nn.Module module, ModuleSource source, LlcOptions options, int? seed)
        : base(environment, "EstimateLlc")
    {
        if (options.Selections.Count == 0) throw new ArgumentException("EstimateLlc needs at least one selection of parameters.");
        if (options.Selections.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"EstimateLlc: the selection '{twice.Key}' is given twice.");
        (this.module, this.source, this.options, this.seed) = (module, source, options, seed);
        _ = Slices();
    }

    private protected override IReadOnlyList<ColumnNeed> Needs => source.Needs;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised =>
        LlcTransformer.ColumnsOf([.. options.Selections.Select(s => s.Name)]);

    /// <summary>What <c>Fit</c> would do on a table, and how long it would take: a few steps are made and timed, and the module is left
    /// as it was.</summary>
    /// <remarks>The time to read the table is not counted.</remarks>
    /// <param name="input">The table.</param>
    /// <exception cref="ArgumentException">As for <c>Fit</c>.</exception>
    public LlcPlan Plan(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var need in Needs) need.Check(input, Name);
        using var channel = Host.Start("planning");
        return Held(input, channel, sampling => sampling.Plan with { PredictedTime = sampling.Predict(options.Cancellation) });
    }

    private protected override LlcTransformer FitTo(IDataView input)
    {
        using var channel = Host.Start("sampling");
        channel.WarnOfNoNoise(options.Sampling);
        return Held(input, channel, sampling =>
        {
            var plan = sampling.Plan;
            channel.Info($"Sampling {plan}");
            var forecast = new TimeForecast(channel);
            var watch = new StepWatch(
                channel, $"{plan.Selections.Count} selections on {plan.Rows} rows", new(Host, options.Cancellation), p =>
                {
                    forecast.Report(p);
                    options.Progress?.Report(p);
                });
            var traces = sampling.Run(watch, options.Cancellation);
            var results = traces.Select((trace, i) => LlcResult.From(
                plan.Selections[i], trace.Dimension, plan.Sampling, RllcEstimation.Estimate(trace, options.Estimation)));
            return new LlcTransformer(Host, [.. results], options.KeepTraces ? traces : null);
        });
    }

    /// <summary>Does something with the module and the rows in hand; the module is as it was afterwards.</summary>
    private T Held<T>(IDataView input, IChannel channel, Func<ModuleSampling, T> use)
    {
        var device = Devices.Choose(Host, channel);
        using var scope = NewDisposeScope();
        using var ordinary = inference_mode(false); // a caller's inference_mode would make tensors that can have no gradient
        using var held = new HeldModule(module, device);
        var slices = Slices();
        var type = TypeOf(slices, held);
        var rows = source.Read(input, type, held.Device);
        var plan = new LlcPlan
        {
            Rows = rows.Count,
            Selections = [.. options.Selections.Select(s => s.Name)],
            Dimensions = [.. slices.Select(selection => selection.Sum(s => s.Length))],
            Sampling = options.Sampling.FollowingRows(rows.Count, seed),
        };
        return use(new(held, rows, slices, type, plan));
    }

    private static ScalarType TypeOf(List<IReadOnlyList<ParameterSlice>> slices, HeldModule held)
    {
        var touched = slices.SelectMany(s => s).Select(s => s.Weight).ToHashSet(StringComparer.Ordinal);
        var types = held.Parameters.Where(p => touched.Contains(p.Key)).Select(p => p.Value.dtype).Distinct().ToList();
        return types is [ScalarType.Float32] or [ScalarType.Float64] ? types[0] : throw new ArgumentException(
            $"EstimateLlc: the selected parameters are of type {string.Join(", ", types)}; "
            + "they must be all Float32 or all Float64.");
    }

    private List<IReadOnlyList<ParameterSlice>> Slices()
    {
        var shapes = ModuleParameters.Shapes(module);
        return [.. options.Selections.Select(s => s.In(shapes))];
    }
}
