using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Estimation;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Foundation;
using MlNetRllc.Sampling;
using static TorchSharp.torch;

namespace MlNetRllc.Modules;

/// <summary>Estimates local learning coefficients of any trained module on the rows of a table: of the whole
/// module, or refined to some of its parameters.</summary>
/// <remarks>
/// <para><c>Fit</c> reads the feature and the label column and samples by stochastic gradient Langevin dynamics
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
/// </remarks>
public sealed class LlcEstimator : ComponentEstimator<LlcTransformer>
{
    private readonly nn.Module module;
    private readonly Func<Tensor, Tensor, Tensor> loss;
    private readonly LlcOptions options;

    internal LlcEstimator(IHostEnvironment environment, nn.Module module, Func<Tensor, Tensor, Tensor> loss, LlcOptions options)
        : base(environment, "EstimateLlc")
    {
        if (options.Selections.Count == 0) throw new ArgumentException("EstimateLlc needs at least one selection of parameters.");
        if (options.Selections.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"EstimateLlc: the selection '{twice.Key}' is given twice.");
        (this.module, this.loss, this.options) = (module, loss, options);
        _ = Slices();
        Needs = [ColumnNeed.Numbers(options.FeatureColumn), ColumnNeed.Labels(options.LabelColumn)];
    }

    private protected override IReadOnlyList<ColumnNeed> Needs { get; }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> Promised =>
        LlcTransformer.ColumnsOf([.. options.Selections.Select(s => s.Name)]);

    private protected override LlcTransformer FitTo(IDataView input)
    {
        using var channel = Host.Start("sampling");
        var device = Devices.Choose(Host, channel);
        using var scope = NewDisposeScope();
        using var ordinary = inference_mode(false); // a caller's inference_mode would make tensors that can have no gradient
        using var held = new HeldModule(module, device);
        var slices = Slices();
        var touched = slices.SelectMany(s => s).Select(s => s.Weight).ToHashSet(StringComparer.Ordinal);
        var types = held.Parameters.Where(p => touched.Contains(p.Key)).Select(p => p.Value.dtype).Distinct().ToList();
        if (types is not [ScalarType.Float32] and not [ScalarType.Float64])
            throw new ArgumentException(
                $"EstimateLlc: the selected parameters are of type {string.Join(", ", types)}; "
                + "they must be all Float32 or all Float64.");
        var (features, labels) = ModuleData.Read(input, options, types[0], held.Device);
        channel.Info($"Sampling {slices.Count} selections on {features.shape[0]} rows: "
            + $"{options.Sampling.Chains} chains x {options.Sampling.Draws} draws.");
        var traces = types[0] == ScalarType.Float64
                ? Sample<double>(held.Parameters, slices, features, labels, channel)
                : Sample<float>(held.Parameters, slices, features, labels, channel);
            var results = traces.Select((trace, i) => LlcResult.From(
                options.Selections[i].Name, trace.Dimension, RllcEstimation.Estimate(trace, options.Estimation)));
            return new(Host, [.. results]);
    }

    private IReadOnlyList<LossTrace> Sample<T>(
        Dictionary<string, Tensor> parameters, List<IReadOnlyList<ParameterSlice>> slices,
        Tensor features, Tensor labels, IChannel channel)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rows = (int)features.shape[0];
        var random = NamedRandom.Stream(options.Sampling.Seed, "module", "minibatches");
        var schedule = new MinibatchSchedule(random, rows, options.Sampling.BatchSize);
        using var engine = new AutogradEngine<T>(parameters, slices, rows, batch =>
        {
            using var index = tensor([.. batch.Select(r => (long)r)], device: features.device);
            return loss(features.index_select(0, index), labels.index_select(0, index));
        });
        SampledComponent[] components = [.. options.Selections.Select(s => new SampledComponent(s.Name, "module", s.Name))];
        var watch = new StepWatch(
            channel, $"{components.Length} selections on {rows} rows",
            new(Host, options.Cancellation), p => options.Progress?.Report(p));
        return new LockStepRun<T>(engine, components, schedule, options.Sampling).Run(watch, options.Cancellation);
    }

    private List<IReadOnlyList<ParameterSlice>> Slices()
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, parameter) in module.named_parameters()) sizes[name] = checked((int)parameter.numel());
        return [.. options.Selections.Select(s => s.In(sizes))];
    }
}
