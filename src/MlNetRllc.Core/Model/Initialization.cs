using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Randomness;

namespace MlNetRllc.Core.Model;

/// <summary>Standard deviations of the normal distributions that fresh weights are drawn from. The
/// paper does not publish its own.</summary>
/// <remarks>Biases start at 0, LayerNorm gains at 1. Every weight has a random stream of its own,
/// named by the seed and the weight: adding a layer or changing the order of construction leaves
/// the other weights as they were, but for the scale of those that write to the residual
/// stream.</remarks>
public sealed record Initialization
{
    /// <summary>Standard deviation of the token embedding W_E.</summary>
    [Description("standard deviation of the token embedding"), Range(0.0, 10.0)]
    public double Embedding { get; init; } = 0.02;

    /// <summary>Standard deviation of the position table W_pos. A larger one lets heads find
    /// positions sooner.</summary>
    [Description("standard deviation of the position table"), Range(0.0, 10.0)]
    public double Position { get; init; } = 0.02;

    /// <summary>Starts the position table at sinusoids of wavelengths from 2 pi to 20,000 pi
    /// positions (Vaswani et al., arXiv 1706.03762), the table that Shortformer (arXiv 2012.15832)
    /// keeps fixed, scaled to the standard deviation <see cref="Position"/>; it is learned from
    /// there. One place can then be told from the next by a linear map from the start, and heads
    /// find the previous token sooner.</summary>
    [Description("starts the position table at sinusoids, scaled to its standard deviation, instead of noise")]
    public bool Sinusoidal { get; init; }

    /// <summary>Multiple of 1/sqrt(fan-in) for W_Q, W_K, W_V, W_O and the MLP. The two that write
    /// to the residual stream are divided by sqrt(layers) as well, so that its variance does not
    /// grow with depth.</summary>
    [Description("multiple of 1/sqrt(fan-in) for the weights of attention and MLP"), Range(0.0, 10.0)]
    public double Blocks { get; init; } = 1;

    /// <summary>Standard deviation of the unembedding W_U; a small one starts the model at the
    /// uniform prediction.</summary>
    [Description("standard deviation of the unembedding"), Range(0.0, 10.0)]
    public double Unembedding { get; init; } = 0.02;

    /// <summary>The weights that a training starts with: on every processor the same bits.</summary>
    internal WeightSet Weights(TransformerConfig config, int seed) => new(WeightNames.Shapes(config)
        .Select(w => new Weight(w.Name, w.Shape, Values(w.Name, w.Shape.Aggregate(1, (n, d) => n * d), config, seed))));

    /// <summary>Starting values of one weight, row-major.</summary>
    internal float[] Values(string name, int length, TransformerConfig config, int seed)
    {
        var values = new float[length];
        if (name.EndsWith(".w", StringComparison.Ordinal)) Array.Fill(values, 1f);
        var deviation = Deviation(name, config);
        if (deviation == 0) return values;
        if (Sinusoidal && name.EndsWith(".W_pos", StringComparison.Ordinal)) return Sinusoids(config, deviation);
        // Drawn in float32, so that no device and no precision changes the start.
        NamedRandom.Stream("initialisation", seed, name).Normals(values, 0);
        for (var i = 0; i < length; i++) values[i] *= (float)deviation;
        return values;
    }

    /// <summary>sin and cos of position over wavelength by turns, times sqrt(2), so that their mean
    /// square is the variance.</summary>
    private static float[] Sinusoids(TransformerConfig config, double deviation)
    {
        var table = new float[config.ContextLength * config.ModelWidth]; // [pos, d_model]
        for (var i = 0; i < table.Length; i++)
        {
            var (position, dimension) = (i / config.ModelWidth, i % config.ModelWidth);
            var wavelength = ScalarFunctions.Exp(ScalarFunctions.Log(10_000) * (dimension / 2 * 2) / config.ModelWidth);
            var (sin, cos) = ScalarFunctions.SinCos(position / wavelength);
            table[i] = (float)(deviation * Math.Sqrt(2) * (dimension % 2 == 0 ? sin : cos));
        }
        return table;
    }

    private double Deviation(string name, TransformerConfig config) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "W_E" => Embedding,
        "W_pos" => Position,
        "W_U" => Unembedding,
        "W_Q" or "W_K" or "W_V" or "W_in" => Blocks / Math.Sqrt(config.ModelWidth),
        "W_O" => Blocks / Math.Sqrt((double)config.Heads * config.HeadWidth * config.Layers),
        "W_out" => Blocks / Math.Sqrt((double)config.MlpWidth * config.Layers),
        _ => 0,
    };
}
