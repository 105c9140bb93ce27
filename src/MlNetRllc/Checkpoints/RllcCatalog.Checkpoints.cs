using Microsoft.ML;
using MlNetRllc.Checkpoints;
using MlNetRllc.Core.Weights;

namespace MlNetRllc;

public sealed partial class RllcCatalog
{
    /// <summary>A folder of checkpoints, trained anywhere, as a table: what a training step would have given.</summary>
    /// <remarks>
    /// Columns, ordered by step: <c>Step</c> (Int32), <c>TrainLoss</c> and <c>ValidationLoss</c> (Single; NaN,
    /// for files do not say), <c>Checkpoint</c> (Text: full path). Files are safetensors or PyTorch state dicts
    /// with TransformerLens names; how steps are read off names is told at
    /// <see cref="CheckpointFolder.Enumerate"/>. No weights are read before a row is sampled, except those that
    /// <paramref name="samples"/> ask for.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="samples">By step, tokens and the logits that the program which trained the model gives for
    /// them. These checkpoints are run now, and refused when they disagree: names and shapes alone do not tell
    /// where positions enter.</param>
    /// <param name="tolerance">Largest difference allowed, in logits.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no checkpoint, two of one step, or one that disagrees
    /// with its sample; the message names the file.</exception>
    /// <exception cref="ArgumentException">There is no checkpoint of a sample's step.</exception>
    public IDataView LoadCheckpoints(string folder, IReadOnlyDictionary<int, LogitSample>? samples = null, double tolerance = 1e-3)
    {
        var found = CheckpointFolder.Enumerate(folder)
            .Select(c => new CheckpointRow { Step = c.Step, Checkpoint = Path.GetFullPath(c.Path) }).ToList();
        foreach (var (step, sample) in samples ?? new Dictionary<int, LogitSample>())
        {
            var row = found.FirstOrDefault(c => c.Step == step)
                ?? throw new ArgumentException(
                    $"{folder} holds no checkpoint of step {step}, for which there is a sample; "
                    + $"it has: {string.Join(", ", found.Select(c => c.Step))}.", nameof(samples));
            var (config, weights) = Checkpoint.Load(row.Checkpoint);
            try { Checkpoint.Verify(config, weights, sample, tolerance); }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                throw new InvalidDataException($"{row.Checkpoint}: {e.Message}", e);
            }
        }
        return Context.Data.LoadFromEnumerable(found);
    }
}
