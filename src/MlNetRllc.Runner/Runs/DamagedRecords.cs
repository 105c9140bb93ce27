using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Runs;

/// <summary>Finds records of a run that are not what was written, before anything is read of them.</summary>
internal static class DamagedRecords
{
    /// <summary>Puts a run's damaged records aside.
    /// A step whose manifest or references are damaged is done anew, from what is kept by content.</summary>
    /// <returns>A sentence on each.</returns>
    public static IReadOnlyList<string> PutAside(RunFolder folder)
    {
        var said = new List<string>();
        foreach (var record in Files(folder.Path, "manifests").Prepend(Path.Combine(folder.Path, "run.json"))) PutAside(record, said);
        foreach (var references in Files(folder.Path, StepReferences.Folder).Where(file => PutAside(file, said)))
            SharedFile.Delete(Manifest.PathOf(folder.Path, StepReferences.StepOf(references)));
        return said;
    }

    /// <summary>Puts a record aside when it is damaged.</summary>
    public static bool PutAside(string path, List<string> said)
    {
        if (SealedFile.DamageOf(path) is not { } why) return false;
        said.Add(DamagedFile.Sentence(path, why, DamagedFile.PutAside(path)));
        return true;
    }

    private static IEnumerable<string> Files(string run, string folder) => RunFiles.In(Path.Combine(run, folder), "*.json");
}
