using System.Numerics;
using System.Runtime.InteropServices;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Engines.Autograd;

/// <summary>Losses and gradients of any module and any loss, for any slices of its parameters, by
/// autograd.</summary>
/// <remarks>
/// <para>One full forward and backward pass for each walker: the reference for the lock-step
/// engine, and the engine for models that others bring. The module's own tensors are used, not a
/// copy: a walker's weights are written into them for its pass and w* is written back.</para>
/// <para>Gradients are taken only for the parameters that some component touches, also inside a
/// caller's <c>no_grad</c> or <c>inference_mode</c>. The parameters' <c>requires_grad</c> flags and
/// their <c>grad</c> are put back on disposal.</para>
/// <para>A walker's loss and gradient do not depend on the other walkers, and a second run gives
/// the same bits. The number of threads is libtorch's own (<c>torch.set_num_threads</c>): its sums
/// may group differently under another number, so across numbers of threads losses agree to
/// rounding (about 1e-6 relative in float32), not to the bit as the lock-step engine's do.</para>
/// </remarks>
/// <typeparam name="T">float or double, as the module's parameters.</typeparam>
public sealed class AutogradEngine<T> : ILossEngine<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Func<int[], Tensor> loss;
    private readonly Dictionary<string, Tensor> flat = new(StringComparer.Ordinal);
    private readonly List<(Tensor Parameter, bool RequiredGradient, Tensor? Gradient)> before = [];
    private readonly IReadOnlyDictionary<string, Tensor> parameters;
    private readonly SampledValues<T>[][] components;
    private readonly T[][] centers;

    /// <summary>Prepares an engine; the parameters' present values are w*.</summary>
    /// <param name="parameters">The module's parameters by name; contiguous.</param>
    /// <param name="components">The sampled slices of each component.</param>
    /// <param name="rowCount">Rows of the dataset.</param>
    /// <param name="loss">Mean loss of the rows of a minibatch at the parameters' present values; a
    /// scalar tensor.</param>
    /// <exception cref="ArgumentException">A slice names no parameter or lies outside it, or a
    /// parameter has another type than T or can have no gradient.</exception>
    public AutogradEngine(IReadOnlyDictionary<string, Tensor> parameters, IReadOnlyList<IReadOnlyList<ParameterSlice>> components,
        int rowCount, Func<int[], Tensor> loss)
    {
        (this.parameters, this.loss, RowCount) = (parameters, loss, rowCount);
        var type = typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32;
        foreach (var slice in components.SelectMany(c => c))
        {
            if (!parameters.TryGetValue(slice.Weight, out var parameter))
                throw new ArgumentException($"The model has no parameter '{slice.Weight}'; "
                    + $"it has: {string.Join(", ", parameters.Keys)}.");
            if (parameter.dtype != type)
                throw new ArgumentException(
                    $"The parameter '{slice.Weight}' has type {parameter.dtype}; this engine needs {type}.");
            if (slice.Start < 0 || slice.Length < 1 || slice.Start + (long)slice.Length > parameter.numel())
                throw new ArgumentException($"'{slice.Weight}' has {parameter.numel()} values; "
                    + $"the slice {slice.Start}..{slice.Start + slice.Length} lies outside.");
        }
        var touched = components.SelectMany(c => c).Select(s => s.Weight).ToHashSet();
        using var gradients = GradientMode.Enabled();
        try
        {
            foreach (var (name, parameter) in parameters) Prepare(name, parameter, touched.Contains(name));
            this.components = [.. components.Select(c => SampledValues<T>.Group(c, flat))];
            centers = [.. this.components.Select(Read)];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int RowCount { get; }

    /// <inheritdoc/>
    public T[] CenterOf(int component) => centers[component];

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<int> rows, IReadOnlyList<Walker<T>> walkers)
    {
        int[] batch = [.. rows];
        using var gradients = GradientMode.Enabled();
        foreach (var walker in walkers) EvaluateOne(batch, walker);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return Checked(loss(batch), needsGradient: false).to(ScalarType.Float64).item<double>();
    }

    /// <summary>Does something while the parameters are a walker's, without gradients.</summary>
    internal void At(Walker<T> walker, Action action)
    {
        using var frozen = no_grad();
        var sampled = components[walker.Component];
        Write(sampled, walker.Position);
        try
        {
            action();
        }
        finally
        {
            Write(sampled, walker.Center);
        }
    }

    /// <summary>Puts the parameters' gradients and their flags back.</summary>
    public void Dispose()
    {
        using var gradients = GradientMode.Enabled();
        foreach (var values in components?.SelectMany(c => c) ?? []) values.Dispose();
        foreach (var view in flat.Values) view.Dispose();
        foreach (var (parameter, required, gradient) in before)
        {
            if (parameter.requires_grad != required) parameter.requires_grad_(required);
            parameter.grad = gradient;
            gradient?.Dispose();
        }
        before.Clear();
    }

    private void Prepare(string name, Tensor parameter, bool touched)
    {
        before.Add((parameter, parameter.requires_grad, parameter.grad?.DetachFromDisposeScope()));
        try
        {
            parameter.requires_grad_(touched);
        }
        catch (ExternalException e)
        {
            throw new ArgumentException($"The parameter '{name}' can have no gradient ({FirstLine(e)}). "
                + "A module that was made inside inference_mode must be made outside of it to be sampled.", e);
        }
        if (!touched) return;
        parameter.grad = null;
        flat[name] = parameter.detach().view(-1).DetachFromDisposeScope();
    }

    private void EvaluateOne(int[] batch, Walker<T> walker)
    {
        using var scope = NewDisposeScope();
        var sampled = components[walker.Component];
        Write(sampled, walker.Position);
        try
        {
            var value = Checked(loss(batch), needsGradient: true);
            walker.Loss = value.detach().to(ScalarType.Float64).item<double>();
            Differentiate(value, [.. sampled.Select(s => s.Parameter).Distinct().Select(n => parameters[n])]);
            foreach (var values in sampled) values.Take(parameters[values.Parameter].grad, walker.Gradient);
        }
        finally
        {
            foreach (var values in sampled) parameters[values.Parameter].grad = null;
            Write(sampled, walker.Center);
        }
    }

    // By backward rather than by grad: TorchSharp lets what goes wrong in grad end the process.
    private static void Differentiate(Tensor value, Tensor[] wanted)
    {
        try
        {
            autograd.backward([value], inputs: wanted);
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException($"The gradient of the loss cannot be taken: {FirstLine(e)}. "
                + "The loss function must only compute the loss: "
                + "no backward(), no gradients of its own, no change in place of what the gradient needs.", e);
        }
    }

    private static Tensor Checked(Tensor value, bool needsGradient)
    {
        if (value is null)
            throw new InvalidOperationException("The loss function gave null; it must give the minibatch's mean loss, one number.");
        if (value.numel() != 1)
            throw new InvalidOperationException(
                $"The loss function gave a tensor of shape [{string.Join(", ", value.shape)}]; "
                + "it must give the minibatch's mean loss, one number.");
        if (!value.is_floating_point())
            throw new InvalidOperationException(
                $"The loss function gave a number of type {value.dtype}, which has no gradient; "
                + "it must give a floating-point one.");
        if (needsGradient && !value.requires_grad)
            throw new InvalidOperationException(
                "The loss has no gradient: it does not follow from the sampled parameters, or the loss function detaches, "
                + "uses no_grad or inference_mode, or goes through numbers of .NET. "
                + "It must be computed from the module's output by tensor operations alone.");
        return value.view([]);
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].TrimEnd('.', ' ');

    private T[] Read(SampledValues<T>[] sampled)
    {
        using var scope = NewDisposeScope();
        var values = new T[sampled.Sum(s => s.Length)];
        foreach (var part in sampled) part.Take(flat[part.Parameter], values);
        return values;
    }

    private void Write(SampledValues<T>[] sampled, T[] values)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var part in sampled) part.Put(values, flat[part.Parameter]);
    }
}
