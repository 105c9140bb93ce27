using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Foundation;

/// <summary>Results by the SHA-256 of all that they follow from: one JSON file each, committed by rename, or in memory only.</summary>
/// <remarks>A file holds its SHA-256, which is checked when it is read.</remarks>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="folder">Where the files lie, created when the first is put; null keeps them in memory.</param>
/// <param name="type">How it stands as JSON.</param>
/// <param name="isSound">Whether what a file holds is whole; a damaged one counts as missing.</param>
/// <param name="anew">Takes nothing that was there before; what is put replaces it.</param>
internal sealed class ContentStore<T>(string? folder, JsonTypeInfo<T> type, Func<T, bool> isSound, bool anew = false) where T : class
{
    /// <summary>What the names of its files end in.</summary>
    public const string Ending = ".json";

    private readonly ConcurrentDictionary<string, T> known = new(StringComparer.Ordinal);

    public string? Folder { get; } = folder is null ? null : Path.GetFullPath(folder);

    /// <summary>The result of that key, or null when there is none or its file is damaged. A damaged file is put aside.</summary>
    /// <param name="key">What the result follows from.</param>
    /// <param name="warn">Told of a damaged file.</param>
    public T? Find(string key, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (known.TryGetValue(key, out var value) || Folder is null || anew) return value;
        var path = FileOf(key);
        try
        {
            value = JsonSerializer.Deserialize(SealedFile.Read(path), type);
            if (value is not null && isSound(value)) return known.GetOrAdd(key, value);
            DamagedFile.Refuse(path, "its numbers do not belong together", warn);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            DamagedFile.Refuse(path, e, warn);
        }
        return null;
    }

    /// <summary>Keeps a result.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left half-written.</exception>
    public void Put(string key, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        if (Folder is not null) SealedFile.Write(FileOf(key), JsonSerializer.SerializeToUtf8Bytes(value, type));
        known[key] = value;
    }

    /// <summary>Whether there is a result of that key, without reading it: another process may have put it.</summary>
    public bool Holds(string key) => known.ContainsKey(key) || Folder is not null && File.Exists(FileOf(key));

    /// <summary>Drops a result; nothing happens where there is none.</summary>
    public void Forget(string key)
    {
        known.TryRemove(key, out _);
        if (Folder is not null) SharedFile.Delete(FileOf(key));
    }

    /// <summary>Where the result of a key lies, or would; the store must have a folder.</summary>
    public string FileOf(string key) => Path.Combine(Folder!, key[..2], $"{key}{Ending}");
}
