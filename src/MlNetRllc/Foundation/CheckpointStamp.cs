namespace MlNetRllc.Foundation;

/// <summary>A checkpoint's file as it stood when it was looked at: while these are the same, so is what it holds.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Written">When it was last written, UTC.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct CheckpointStamp(string Path, DateTime Written, long Length)
{
    /// <summary>The stamp of the file at <paramref name="path"/>.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static CheckpointStamp StampOf(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new FileNotFoundException($"The checkpoint {path} does not exist.");
        return new(file.FullName, file.LastWriteTimeUtc, file.Length);
    }
}
