using System.Diagnostics;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Benchmarks;

/// <summary>Rates of the kernels of every width that the processor has, on one core, beside its
/// measured peak: the best of many short windows, since others may be at work.</summary>
internal static unsafe class KernelBenchmark
{
    private const int Windows = 400;

    /// <summary>Operations, and what they are counted as.</summary>
    /// <param name="Name">What was timed.</param>
    /// <param name="Set">The kernels.</param>
    /// <param name="PerSecond">Thousand millions a second: floating-point operations of products,
    /// numbers of everything else.</param>
    /// <param name="Share">Of the peak of fused multiply-adds; NaN for what is no product.</param>
    public sealed record Row(string Name, string Set, double PerSecond, double Share);

    private static readonly (string Name, int Rows, int Columns, int Inner)[] Products =
    [
        ("logits of a strip, d_model 256", 8, 240, 256),
        ("logits of a strip, a head", 8, 480, 32),
        ("gradient of the input", 8, 256, 240),
        ("projection to a head", 256, 32, 256),
        ("gradient of a head's weights", 256, 32, 256),
        ("output of a head", 256, 256, 32),
        ("attention scores", 8, 256, 32),
    ];

    /// <summary>Times every set.</summary>
    public static IReadOnlyList<Row> Run()
    {
        var rows = new List<Row>();
        using var arena = new NativeArena();
        float* x = arena.Floats(1 << 18), y = arena.Floats(1 << 18), z = arena.Floats(1 << 18);
        for (var i = 0; i < 1 << 18; i++) (x[i], y[i]) = (i % 7 * 0.1f - 0.3f, i % 5 * 0.1f - 0.2f);
        foreach (var set in KernelSet.All.Where(set => set.IsSupported))
        {
            var peak = KernelRate.Peak(set, Windows) / 1e9;
            Say(rows, "peak of fused multiply-adds", set, peak, 1);
            foreach (var (name, r, columns, inner) in Products)
            {
                var product = new Product
                {
                    Inner = inner, A = x, RowStrideA = inner, InnerStrideA = 1,
                    B = y, StrideB = columns, C = z, StrideC = columns,
                };
                var rate = Best(2.0 * r * columns * inner, () => set.Multiply(r, columns, product));
                Say(rows, name, set, rate, rate / peak);
            }
            const int length = 480;
            Say(rows, "exponentials", set, Best(length, () => set.Exponentials(z, y, 1e-3f, 10, length)), double.NaN);
            Say(rows, "softmax", set, Best(length, () => set.Softmax(z, length, length, 0.1f)), double.NaN);
            Say(rows, "moments", set, Best(length, () => set.Moments(x, length, length, 1e-5f)), double.NaN);
            Say(rows, "scaled sum", set, Best(length, () => set.AddScaled(x, 1e-9f, z, length)), double.NaN);
        }
        return rows;
    }

    private static void Say(List<Row> rows, string name, KernelSet set, double rate, double share)
    {
        rows.Add(new(name, set.Name, rate, share));
        Console.WriteLine($"{set.Name,-10} {name,-34} {rate,8:F2} {share,6:P0}");
    }

    /// <summary>Thousand millions a second.</summary>
    private static double Best(double operations, Action action)
    {
        action();
        var watch = Stopwatch.StartNew();
        action();
        var repeats = (int)Math.Clamp(2e-4 / watch.Elapsed.TotalSeconds, 1, 2000);
        return operations / KernelRate.Seconds(Windows, repeats, action) / 1e9;
    }
}
