using System.Text.Json;
using MlNetRllc.Core.Files;
using MlNetRllc.Runner.Runs;
using MlNetRllc.Text;

namespace MlNetRllc.Runner.Planning;

/// <summary>The user's cache folder: measurements and hashes that are made again when they are lost or damaged.</summary>
internal static class UserCache
{
    public static string Folder => UserCacheFolder.Path;

    /// <summary>What was kept under a name; null where there is nothing that is as it was written.</summary>
    /// <param name="name">Below the folder, with '/'.</param>
    public static T? Find<T>(string name) where T : class
    {
        try
        {
            var path = PathOf(name);
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(SealedFile.Read(path), RunRecord.Json) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps something, where the folder can be written: a read-only home costs its making again.</summary>
    /// <param name="name">Below the folder, with '/'.</param>
    /// <param name="value">What to keep; an object with properties.</param>
    public static void Keep<T>(string name, T value) where T : class
    {
        try
        {
            SealedFile.Write(PathOf(name), JsonSerializer.SerializeToUtf8Bytes(value, RunRecord.Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string PathOf(string name) => Path.Combine([Folder, .. name.Split('/')]);
}
