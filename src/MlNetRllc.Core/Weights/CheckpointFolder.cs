using System.Globalization;
using System.Text.RegularExpressions;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Core.Weights;

/// <summary>A folder of checkpoints of one training run.</summary>
public static partial class CheckpointFolder
{
    private static readonly string[] Extensions = [".safetensors", ".pt", ".pth"];

    /// <summary>The trainer's own file for resuming, which lies beside the checkpoints and is none.</summary>
    private const string TrainingState = "training-state.safetensors";

    /// <summary>The checkpoints of a folder, ordered by training step. No weights are read.</summary>
    /// <param name="path">A folder of <c>.safetensors</c>, <c>.pt</c> or <c>.pth</c> files, or of folders that each hold one such file.
    /// Hidden files and the trainer's <c>training-state.safetensors</c> are left out.</param>
    /// <remarks>
    /// A step comes from the name of the file, or of the folder that holds it: <c>step_100</c>, <c>step=100</c>, <c>checkpoint-100</c>,
    /// <c>ckpt100</c>, <c>iter_100</c> or <c>100</c>. When the name says nothing, it comes from the metadata key <c>step</c> (in a state
    /// dict: an entry <c>step</c> beside it); failing that, from the last number in the name.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no checkpoint, two of one step, or one whose step cannot be found.</exception>
    public static IEnumerable<(int Step, string Path)> Enumerate(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder {Path.GetFullPath(path)}.");
        return Found(path);
    }

    private static IEnumerable<(int Step, string Path)> Found(string path)
    {
        var files = Files(path).Select(f => (Step: StepOf(Path.GetFileNameWithoutExtension(f), f), Path: f))
            .Concat(Directory.EnumerateDirectories(path).Where(Visible).SelectMany(d => Files(d) switch
            {
                [] => Array.Empty<(int Step, string Path)>(),
                [var only] => [(Step: StepOf(Path.GetFileName(d), only), Path: only)],
                _ => throw new InvalidDataException($"{d} holds several checkpoints; expected one, or a folder of checkpoints."),
            }))
            .OrderBy(f => f.Step).ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new InvalidDataException($"{Path.GetFullPath(path)} holds no checkpoint ({string.Join(", ", Extensions)}).");
        for (var i = 1; i < files.Count; i++)
            if (files[i].Step == files[i - 1].Step)
                throw new InvalidDataException($"{files[i - 1].Path} and {files[i].Path} are both of step {files[i].Step}; keep one.");
        foreach (var file in files) yield return file;
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(Visible)
            .Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))];

    private static bool Visible(string path) => Path.GetFileName(path) is var name
        && !name.StartsWith('.') && name != TrainingState;

    private static int StepOf(string name, string path)
    {
        var named = Keyword().Matches(name) is [.., var last] ? last.Groups[1].Value : WholeNumber().IsMatch(name) ? name : null;
        if (named is not null) return Parse(named, path);
        if (StepInside(path) is { } inside) return Parse(inside, path);
        return Numbers().Matches(name) is [.., var number] ? Parse(number.Value, path)
            : throw new InvalidDataException($"{path}: neither its name nor its metadata says of which training step it is; " +
                "name it step_N.");
    }

    private static string? StepInside(string path)
    {
        if (!Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
            return PyTorchFile.Read(path, _ => false).Metadata.GetValueOrDefault(Checkpoint.StepKey);
        using var file = SafetensorsFile.Open(path);
        return file.Metadata.GetValueOrDefault(Checkpoint.StepKey);
    }

    private static int Parse(string step, string path) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw new InvalidDataException($"{path}: '{step}' is no training step; steps are whole numbers from 0 to {int.MaxValue}.");

    [GeneratedRegex(@"(?:step|checkpoint|ckpt|iter|iteration)s?[-_=. ]*([0-9]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Keyword();

    [GeneratedRegex(@"^[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
