using System.Security.Cryptography;

namespace MlNetRllc.Runner.Runs;

/// <summary>Content of files in short.</summary>
internal static class FileHash
{
    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string HashOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
