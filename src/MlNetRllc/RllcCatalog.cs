using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlNetRllc;

/// <summary>
/// The one door to this library: estimators, transformers and loaders for the refined local learning coefficient (rLLC) of a
/// transformer's components, reached as <c>mlContext.Rllc</c>.
/// </summary>
/// <remarks>A study is a table: a sweep of checkpoints x components x datasets is rows, and every stage appends columns.</remarks>
public sealed partial class RllcCatalog
{
    internal RllcCatalog(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Context = context;
    }

    internal MLContext Context { get; }

    internal IHostEnvironment Environment => Context;

    /// <summary>The seed the context was made with, for components whose options were not given.</summary>
    internal int? Seed => ((IHostEnvironmentInternal)Context).Seed;
}

/// <summary>Adds <c>Rllc</c> to <see cref="MLContext"/>.</summary>
public static class RllcExtensions
{
    extension(MLContext context)
    {
        /// <summary>Components for local learning coefficients of transformers.</summary>
        public RllcCatalog Rllc => new(context);
    }
}
