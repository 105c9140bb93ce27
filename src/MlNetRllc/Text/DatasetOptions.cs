using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MlNetRllc.Text;

/// <summary>How a dataset is fetched and read on this machine; nothing here changes its text.</summary>
public sealed record DatasetOptions
{
    /// <summary>Where downloads and text taken out of packages are kept; null stands for <c>mlnet-rllc</c> in
    /// the user's cache folder: <c>$XDG_CACHE_HOME</c> where that is set, else <c>%LOCALAPPDATA%</c> on Windows,
    /// <c>~/Library/Caches</c> on macOS and <c>~/.cache</c> elsewhere.</summary>
    [Description("Folder for downloads and text taken out of packages; when absent, mlnet-rllc in the user's cache folder.")]
    public string? CacheFolder { get; init; }

    /// <summary>Fetches nothing: what is not on this machine is an error.</summary>
    [Description("Fetches nothing from the network; what is not on this machine is an error.")]
    public bool Offline { get; init; }

    /// <summary>The longest document, in characters; a longer one is an error that names its place.</summary>
    [Description("The longest document, in characters.")]
    [Range(1, int.MaxValue / 4)]
    public int LongestDocument { get; init; } = 256 << 20;

    /// <summary>Checks the text against the card's checksum while it is read.</summary>
    [Description("Checks the text against the card's checksum while it is read.")]
    public bool VerifyChecksum { get; init; } = true;

    internal string Cache => CacheFolder ?? UserCacheFolder.Path;
}
