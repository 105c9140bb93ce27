using System.CommandLine;
using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Runner.Running;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc gc [FILE...]</c>: removes what no run and no pipeline needs.</summary>
internal static class GcCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "pipeline files whose results stay, beside those of the runs' own files",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = RunArgument.Runs();
        var dry = new Option<bool>("--dry-run") { Description = "only tell what would be removed" };
        var command = new CommandWithExamples("gc", "remove rows, token stores and checkpoints that no run and no pipeline refers to",
            ("rllc gc --dry-run", "what would be removed"),
            ("rllc gc pipelines/paper-mini.yaml", "keep also what that file needs"))
        {
            files, output, dry,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var (runs, named) = (arguments.GetValue(output)!, arguments.GetValue(files) ?? []);
            return Collect(runs, named, arguments.GetValue(dry), file => StepKinds.Reader.ReadMatrix(file)) ? 0 : 1;
        }));
        return command;
    }

    /// <summary>Removes what nothing needs, or only tells of it.</summary>
    /// <param name="runs">Folder of the run folders.</param>
    /// <param name="files">Pipeline files whose results stay.</param>
    /// <param name="dry">Only tells.</param>
    /// <param name="read">Reads a pipeline file; asked once for each that the runs name.</param>
    /// <returns>Whether every folder was looked through: where what a run wants cannot be read, its folder stays as it is.</returns>
    internal static bool Collect(string runs, IReadOnlyList<string> files, bool dry, Func<string, StudyMatrix> read)
    {
        var hashes = new InputHashes();
        var named = files.SelectMany(f => KeysOf(read(f), hashes)).ToHashSet(StringComparer.Ordinal);
        var keysOfFile = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var (total, all) = (0L, true);
        foreach (var folder in GarbageCollector.Folders(runs))
        {
            try
            {
                // Nobody runs in it meanwhile; a folder in use says so.
                using var held = dry ? null : RunFolder.Open(folder);
                var keys = new HashSet<string>(named, StringComparer.Ordinal);
                keys.UnionWith(OwnFiles(folder).SelectMany(file => KeysOfFile(file, read, hashes, keysOfFile)));
                var garbage = GarbageCollector.Find(folder, keys, StepKinds.ContentFolders);
                if (garbage.IsEmpty) continue;
                var (counts, bytes) = (garbage.Counts, garbage.Bytes);
                if (!dry) garbage.Remove();
                total += bytes;
                Console.WriteLine($"{folder}: {counts}, {Amounts.Bytes(bytes)}");
            }
            // One that is in use, closed, or wants what cannot be known is no matter of the others.
            catch (Exception e) when (e is UnreadableException or PipelineException or IOException or InvalidDataException
                or UnauthorizedAccessException)
            {
                all = false;
                Console.Error.WriteLine($"{folder}: nothing more is removed of it: {ErrorText.MessageOf(e)}");
            }
        }
        Console.WriteLine($"{(dry ? "Would remove" : "Removed")} {Amounts.Bytes(total)} in all.");
        return all;
    }

    // A run that was made with other options than its file has now still belongs to the file: going back to it should find what is there.
    private static List<string> OwnFiles(string folder)
    {
        var runs = Directory.EnumerateDirectories(folder).Prepend(folder).Where(GarbageCollector.IsRun).ToList();
        var records = runs.Select(run => Path.Combine(run, "run.json")).Where(File.Exists).ToList();
        if (records.Count == 0 && runs.Count > 0)
            throw new UnreadableException($"no run.json there says of which file it is. {Remedy}", null);
        return [.. records.Select(FileOf).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The pipeline file that a run's record names; null where it is not there any more.</summary>
    private static string? FileOf(string record)
    {
        try
        {
            using var read = JsonDocument.Parse(SealedFile.Read(record));
            var path = Path.GetFullPath(read.RootElement.GetProperty("file").GetString()!);
            return IsThere(path) ? path : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or KeyNotFoundException or InvalidOperationException
            or ArgumentException)
        {
            throw Unreadable(record, new InvalidDataException("it is damaged.", e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(record, e);
        }
    }

    // File.Exists says no, too, where a folder on the way may not be entered.
    private static bool IsThere(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    // All combinations of a matrix name one file, which is read once.
    private static IReadOnlyList<string> KeysOfFile(
        string file, Func<string, StudyMatrix> read, InputHashes hashes, Dictionary<string, IReadOnlyList<string>> known)
    {
        if (known.TryGetValue(file, out var keys)) return keys;
        try { keys = [.. KeysOf(read(file), hashes)]; }
        // What a file that is broken or held just now will want again is lost if it is taken to want nothing.
        catch (Exception e) when (e is PipelineException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw Unreadable(file, e);
        }
        return known[file] = keys;
    }

    private const string Remedy = "What it wants is not known: mend it, or remove the file or the folder.";

    private static UnreadableException Unreadable(string path, Exception e) => new(
        $"{(e.Message.Contains(path, StringComparison.Ordinal) ? "" : $"{path}: ")}{e.Message.TrimEnd()} {Remedy}", e);

    private sealed class UnreadableException(string message, Exception? cause) : Exception(message, cause);

    private static IEnumerable<string> KeysOf(StudyMatrix matrix, InputHashes hashes) =>
        matrix.Cells.SelectMany(c => StepKey.KeysOf(c.Pipeline, hashes).Values.Select(k => k.Value));
}
