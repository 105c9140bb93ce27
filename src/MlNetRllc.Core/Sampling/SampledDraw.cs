namespace MlNetRllc.Core.Sampling;

/// <summary>Which draw of which chain.</summary>
/// <param name="Row">Row of the run, from 0.</param>
/// <param name="Chain">Chain of the row, from 0.</param>
/// <param name="Draw">Recorded draw, from 0.</param>
public readonly record struct SampledDraw(int Row, int Chain, int Draw);

/// <summary>Is told where a chain stands at a recorded draw: for moments and pictures of the weights themselves.</summary>
/// <param name="draw">Which draw.</param>
/// <param name="weights">The weights at which the draw's loss was taken, [d]; read or copied before returning.</param>
/// <typeparam name="T">Precision of weights.</typeparam>
public delegate void DrawObserver<T>(SampledDraw draw, ReadOnlySpan<T> weights);
