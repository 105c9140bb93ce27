using System.Text.RegularExpressions;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Core.Weights;

/// <summary>Which files of a folder are checkpoints, and by which name each is known.</summary>
internal static partial class CheckpointFiles
{
    private static readonly string[] Extensions = [".safetensors", ".pt", ".pth"];

    /// <summary>Other endings that weights come in.</summary>
    private static readonly string[] OtherExtensions = [".bin", ".ckpt", ".msgpack"];

    /// <summary>A state dict as trainers named it before safetensors.</summary>
    private const string OtherModel = "pytorch_model.bin";

    private const string When = "step|ckpt|checkpoint|epoch|iter|[0-9]";

    /// <summary>Files, and folders that each hold one, with the names that tell their steps.</summary>
    /// <exception cref="InvalidDataException">There is none, or a folder holds no certain
    /// model.</exception>
    public static IReadOnlyList<(string Name, string Path)> In(string folder)
    {
        var folders = OnceEach(folder);
        var inside = folders.SelectMany(f => ModelOf(f) is { } model 
            ? [(Name: Path.GetFileName(f), Path: model)] : Array.Empty<(string Name, string Path)>());
        var files = Models(folder);
        var all = files
            .Select(f => (Name: Path.GetFileNameWithoutExtension(f), Path: f)).Concat(inside)
            .ToList();
        if (all.Count == 0)
            throw new InvalidDataException(
                $"{Path.GetFullPath(folder)} holds no checkpoint ({string.Join(", ", Extensions)}){Beside(folder)}");
        return WithoutLinksToOthers(all);
    }

    /// <summary>The file of a folder of its own; null when the folder is not one of a checkpoint.</summary>
    private static string? ModelOf(string folder) => Models(folder) switch
    {
        [var only] => only,
        [] => InTheWay(folder).Count == 0 || !StepNames.Read([Path.GetFileName(folder)])[0].HasWord ? null
            : throw new InvalidDataException($"{folder} holds no model ({string.Join(", ", Extensions)}){Beside(folder)}"),
        var several => throw new InvalidDataException(
            $"{folder} holds several checkpoints ({string.Join(", ", several.Select(Path.GetFileName))}); " +
            "expected one, or a folder of checkpoints. Move away all but the model."),
    };

    /// <summary>Files that may be weights, without what lies beside a model for resuming.</summary>
    private static List<string> Models(string folder)
    {
        var files = FilesIn(folder).Where(f => IsRead(f) && !IsForResuming(f)).ToList();
        foreach (var file in files)
            if (Part().Match(Path.GetFileNameWithoutExtension(file)).Groups["of"].Value.TrimStart('0') is not ("" or "1") and var parts)
                throw new InvalidDataException($"{file} is a part of a model that lies in {parts} files; " +
                    "save the model in one (in Python, save_file of all tensors).");
        return files;
    }

    private static bool IsRead(string file) => Path.GetFileName(file) == OtherModel
        || Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static bool IsForResuming(string file) =>
        Resuming().IsMatch(Path.GetFileNameWithoutExtension(file));

    /// <summary>Files that look like weights and are no model that is read.</summary>
    private static List<string> InTheWay(string folder) => [.. FilesIn(folder)
        .Where(f => IsRead(f) || IsForResuming(f) || OtherExtensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
        .Select(f => Path.GetFileName(f))];

    private static string Beside(string folder) => InTheWay(folder) is { Count: > 0 } others
        ? $"; {string.Join(", ", others)} {(others.Count == 1 ? "is" : "are")} not read as a model." : ".";

    /// <summary>The folders in a folder, each real one once: by its own name before a link's.</summary>
    private static List<string> OnceEach(string folder)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { RealPath.Resolve(folder) };
        return [.. Visible(Directory.EnumerateDirectories(folder)).OrderBy(IsLink).Where(d => seen.Add(RealPath.Resolve(d)))];
    }

    // latest.pt -> step_100.pt is no second checkpoint.
    private static List<(string Name, string Path)> WithoutLinksToOthers(List<(string Name, string Path)> all)
    {
        var own = all
            .Where(f => !IsLink(f.Path))
            .Select(f => RealPath.Resolve(f.Path)).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(f => !IsLink(f.Path) || !own.Contains(RealPath.Resolve(f.Path)))];
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static IEnumerable<string> FilesIn(string folder) =>
        Visible(Directory.EnumerateFiles(folder)).Where(f => !SpecialFile.IsAt(f));

    private static IEnumerable<string> Visible(IEnumerable<string> paths) =>
        paths.Where(p => !Path.GetFileName(p).StartsWith('.')).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"[-_.](?<part>[0-9]{5})-of-(?<of>[0-9]{5})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    // A word for what is kept for resuming, with nothing about it but when it was kept; what
    // DeepSpeed calls so ends in its word.
    [GeneratedRegex("^(?:(?:model|" + When + ")[-_=.]*)*(?:optimi[sz]er|optim|lr[-_]?scheduler|scheduler|(?:grad[-_]?)?scaler"
        + "|(?:rng|random)[-_]?states?|train(?:ing|er)?[-_]?(?:state|args)|sampler|dataloader)"
        + "(?:[-_=.]*(?:states?|dict|rank|" + When + "))*\\z"
        + "|optim[-_]?states?\\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Resuming();
}
