using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlNetRllc.Foundation;

/// <summary>A transformer that works long enough to be stopped.</summary>
internal interface IStoppable
{
    /// <summary>One that shares everything with this, belongs to another context and heeds another token; this stays as it is.</summary>
    ITransformer With(IHostEnvironment environment, CancellationToken cancellation);
}
