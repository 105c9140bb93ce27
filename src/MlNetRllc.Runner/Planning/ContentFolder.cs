using MlNetRllc.Core.Files;

namespace MlNetRllc.Runner.Planning;

/// <summary>What a content folder is made of.</summary>
internal enum ContentUnit
{
    /// <summary>Files, each of use by itself.</summary>
    File,

    /// <summary>Subfolders: one file of them is worth nothing without the others.</summary>
    Subfolder,
}

/// <summary>A folder of what is kept by content, in a run's folder or in the sweep's that several runs share.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Unit">What one thing in it is.</param>
/// <param name="Things">What they are, in words, such as <c>token stores</c>.</param>
internal sealed record ContentFolder(string Name, ContentUnit Unit, string Things)
{
    /// <summary>What the names of its files end in, where it is made of files.</summary>
    public IReadOnlyList<string> Endings { get; init; } = [".json"];

    /// <summary>The name by which steps refer to one thing in it.</summary>
    public Func<string, string> NameOf { get; init; } = path => path;

    /// <summary>The files behind one name that carry their own digests. Others are in the manifest of the step that made them.</summary>
    public Func<string, IEnumerable<string>> FilesOf { get; init; } = _ => [];

    /// <summary>What is wrong with such a file, without a full stop; null where it is whole or missing.</summary>
    public Func<string, string?> DamageOf { get; init; } = SealedFile.DamageOf;

    /// <summary>How many things one path holds.</summary>
    public Func<string, int> CountIn { get; init; } = _ => 1;
}
