using System.Numerics;
using MlNetRllc.Core.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Core.Engines.Autograd;

/// <summary>The sampled values of one parameter that stand together in a component's vector: gathered and put back at once,
/// however many slices they are.</summary>
/// <remarks>The columns of a weight [d_model, d_head n] are d_model slices; moved one by one, each costs a few calls of libtorch.</remarks>
internal sealed class SampledValues<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int at, start;
    private readonly Tensor? places; // [value], of several slices

    private SampledValues(ParameterSlice[] slices, int at, Device device)
    {
        (Parameter, this.at, start, Length) = (slices[0].Weight, at, slices[0].Start, slices.Sum(s => s.Length));
        if (slices.Length == 1) return;
        long[] all = [.. slices.SelectMany(s => Enumerable.Range(s.Start, s.Length)).Select(i => (long)i)];
        places = tensor(all, device: device).DetachFromDisposeScope();
    }

    public string Parameter { get; }

    public int Length { get; }

    /// <summary>A component's slices, those of one parameter that follow each other taken together.</summary>
    /// <param name="slices">In the order of the component's vector.</param>
    /// <param name="flat">The parameters, [value].</param>
    public static SampledValues<T>[] Group(IReadOnlyList<ParameterSlice> slices, IReadOnlyDictionary<string, Tensor> flat)
    {
        var (found, at) = (new List<SampledValues<T>>(), 0);
        for (var first = 0; first < slices.Count;)
        {
            var parameter = slices[first].Weight;
            ParameterSlice[] together = [.. slices.Skip(first).TakeWhile(s => s.Weight == parameter)];
            found.Add(new(together, at, flat[parameter].device));
            (first, at) = (first + together.Length, at + found[^1].Length);
        }
        return [.. found];
    }

    /// <summary>Takes the values out of the parameter's, or its gradient's; 0 where there is none.</summary>
    /// <param name="source">Of any shape.</param>
    /// <param name="vector">The component's vector, [d].</param>
    public void Take(Tensor? source, T[] vector)
    {
        var target = vector.AsSpan(at, Length);
        if (source is null || source.IsInvalid)
        {
            target.Clear();
            return;
        }
        var dense = source.is_sparse ? source.to_dense() : source;
        var flat = dense.contiguous().view(-1);
        var taken = places is null ? flat.narrow(0, start, Length) : flat.index_select(0, places);
        taken.cpu().data<T>().ToArray().CopyTo(target);
    }

    /// <summary>Puts the values into the parameter.</summary>
    /// <param name="vector">The component's vector, [d].</param>
    /// <param name="target">The parameter, [value].</param>
    public void Put(T[] vector, Tensor target)
    {
        var values = from_array(vector.AsSpan(at, Length).ToArray(), target.dtype, CPU).to(target.device);
        if (places is null) target.narrow(0, start, Length).copy_(values);
        else target.index_copy_(0, places, values);
    }

    /// <summary>Frees the places.</summary>
    public void Dispose() => places?.Dispose();
}
