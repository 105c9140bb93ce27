using System.Runtime.InteropServices;
using MlNetRllc.Core.Kernels;

namespace MlNetRllc.Tests.Core.Kernels;

public sealed unsafe class RowMomentsTests
{
    /// <summary>A row whose mean is large beside its spread, of every width of padding.</summary>
    [Theory, InlineData(0f), InlineData(1f), InlineData(1000f), InlineData(-30000f)]
    public void Moments_AreThoseOfTheValuesAlone(float mean)
    {
        for (var width = 1; width <= 40; width++)
        {
            var length = (width + 15) / 16 * 16;
            var row = (float*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(float)), 64);
            new Span<float>(row, length).Clear();
            for (var i = 0; i < width; i++) row[i] = mean + (i % 3 - 1) * 0.5f;
            var values = new ReadOnlySpan<float>(row, width).ToArray().Select(v => (double)v).ToArray();
            var (centre, variance) = (values.Average(), values.Average(v => (v - values.Average()) * (v - values.Average())));
            var (found, inverse) = KernelSet.Used.Moments(row, width, length, 1e-5f);
            NativeMemory.AlignedFree(row);
            Assert.Equal(centre, found, 2e-6 * Math.Abs(centre) + 1e-6);
            // The mean itself is rounded, by about 1e-7 of its size.
            Assert.Equal(Math.Sqrt(variance + 1e-5), 1 / inverse, 1e-5 + 1e-6 * Math.Abs(mean));
        }
    }
}
