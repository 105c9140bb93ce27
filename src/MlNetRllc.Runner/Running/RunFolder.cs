using System.Text.Json;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Runner.Running;

/// <summary>Where a study's results lie, held by one process at a time.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly FileStream held;

    private RunFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    public string Report => At("report.html");

    /// <summary>Opens a folder, which is made where there is none.</summary>
    /// <exception cref="IOException">Another process holds it, or it cannot be written.</exception>
    public static RunFolder Open(string path)
    {
        var full = Directory.CreateDirectory(path).FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(full, "tables"));
        try
        {
            var held = new FileStream(System.IO.Path.Combine(full, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // What a killed run had begun to write. No other process writes here while the lock is held.
            foreach (var part in Directory.GetFiles(full, ".*.part", SearchOption.AllDirectories)) File.Delete(part);
            return new(full, held);
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(full, ".lock")))
        {
            throw new IOException($"{full} is in use by another run ({e.Message}). Wait for it, or give this one another name in the file (name: ...).", e);
        }
    }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a JSON file, whole or not at all.</summary>
    public void WriteJson(string name, object value) => AtomicFile.Write(At(name), stream => JsonSerializer.Serialize(stream, value, RunRecord.Json));

    public void Dispose() => held.Dispose();
}
