using System.Globalization;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Core.Weights;

/// <summary>A folder of checkpoints of one training run.</summary>
public static class CheckpointFolder
{
    /// <summary>The checkpoints of a folder, ordered by training step. No weights are read.</summary>
    /// <param name="path">A folder of <c>.safetensors</c>, <c>.pt</c> or <c>.pth</c> files, or of
    /// folders that each hold one, or one folder of that kind. Left out are hidden files and
    /// folders, what a trainer keeps beside a model for resuming (<c>optimizer.pt</c>,
    /// <c>scheduler.pt</c>, <c>rng_state.pth</c>, <c>training-state.safetensors</c>) and links to
    /// what is found without them.</param>
    /// <remarks>
    /// A step comes from the name of the file, or of the folder that holds it: <c>step_100</c>,
    /// <c>step=100</c>, <c>checkpoint-100</c>, <c>ckpt_50k</c>, <c>iter_5e3</c>, <c>epoch_3</c>,
    /// <c>100-steps</c> or <c>100</c>; <c>step_1_000</c> where all names group digits so. Of
    /// several numbers, the one counts that varies over the names and follows the first of the
    /// words step, iter, ckpt, checkpoint, epoch. When the name says nothing, or leaves a doubt,
    /// the step comes from the metadata key <c>step</c> (in a state dict: an entry <c>step</c>
    /// beside it); failing that, from the only number of the name that may be one. Seeds, versions,
    /// dates, hashes and sizes such as 70m are none.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no checkpoint, two of one step, one whose
    /// step cannot be found or may be read in two ways, or a folder of which it is not certain
    /// which file is its model; the message names the files.</exception>
    public static IEnumerable<(int Step, string Path)> Enumerate(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder {Path.GetFullPath(path)}.");
        return Found(path);
    }

    private static bool IsAlone(string path, IReadOnlyList<(string Name, string Path)> found) =>
        found is [var only] && Path.GetRelativePath(path, only.Path) == Path.GetFileName(only.Path)
            && StepNames.Read([only.Name])[0] is { Step: null, Doubt: null };

    private static IEnumerable<(int Step, string Path)> Found(string path)
    {
        var found = CheckpointFiles.In(path);
        var named = StepNames.Read([.. found.Select(f => f.Name)]);
        var mixed = named.Any(n => n.IsEpoch) && named.Any(n => !n.IsEpoch);
        // A model alone in its folder may have no name but its folder's.
        var around = IsAlone(path, found)
            ? StepNames.Read([Path.GetFileName(RealPath.Resolve(path))])[0]
            : null;
        var files = found.Select((f, i) => (Step: StepOf(f.Path, mixed && named[i].IsEpoch ? Epoch(named[i]) : named[i], around), f.Path))
            .OrderBy(f => f.Step).ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
        for (var i = 1; i < files.Count; i++)
            if (files[i].Step == files[i - 1].Step)
                throw new InvalidDataException(
                    $"{files[i - 1].Path} and {files[i].Path} are both of step {files[i].Step}; keep one.")
                    .About(ErrorPage.CheckpointStep);
        foreach (var file in files) yield return file;
    }

    private static StepName Epoch(StepName name) =>
        name with { Step = null, Doubt = "its name counts epochs, and not all of its folder do." };

    private static int StepOf(string path, StepName name, StepName? around)
    {
        if (name is { HasWord: true, Step: { } said }) return said;
        if (StepInside(path) is { } inside)
            return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
                : throw new InvalidDataException(
                    $"{path}: '{inside}' is no training step; steps are whole numbers from 0 to {int.MaxValue}.");
        if (name is { Step: null, Doubt: null } && around is { HasWord: true }) name = around;
        return name.Step ?? throw new InvalidDataException(name.Doubt is null
            ? $"{path}: neither its name nor its metadata says of which training step it is; name it step_N."
            : $"{path}: {name.Doubt} Name it step_N, with all digits of N, or keep N in the metadata key '{Checkpoint.StepKey}'.")
            .About(ErrorPage.CheckpointStep);
    }

    private static string? StepInside(string path)
    {
        if (!Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
            return PyTorchFile.Read(path, _ => false).Metadata.GetValueOrDefault(Checkpoint.StepKey);
        using var file = SafetensorsFile.Open(path);
        return file.Metadata.GetValueOrDefault(Checkpoint.StepKey);
    }
}
