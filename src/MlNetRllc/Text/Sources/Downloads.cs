using System.Net.Http.Headers;
using System.Net;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;

namespace MlNetRllc.Text.Sources;

/// <summary>Files from the network, kept in the cache folder: a broken transfer goes on where it stopped, a checksum is checked.</summary>
internal static class Downloads
{
    private const int Attempts = 5;
    private const string HubScheme = "hf://";

    /// <summary>Bytes of a name that are left to <c>.partial.tag</c> and to the part of a move.</summary>
    private const int RoomForEndings = 24;

    private static readonly HttpClient Client = new() { Timeout = Timeout.InfiniteTimeSpan };

    public static bool IsRemote(string location) =>
        location.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith(HubScheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of a file: as it stands, or of a dataset's on the hub, <c>hf://owner/name/path</c>.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Uri AddressOf(string location)
    {
        if (!location.StartsWith(HubScheme, StringComparison.OrdinalIgnoreCase))
            return Parsed(location) ?? throw new ArgumentException($"'{location}' is not https://HOST/FILE.", nameof(location));
        if (location[HubScheme.Length..].Split('/', 3) is not [{ Length: > 0 } owner, { Length: > 0 } name, { Length: > 0 } file])
            throw new ArgumentException($"'{location}' is not hf://OWNER/NAME/FILE.", nameof(location));
        var set = Environment.GetEnvironmentVariable("HF_ENDPOINT");
        var hub = string.IsNullOrEmpty(set) ? "https://huggingface.co" : set.TrimEnd('/');
        return Parsed($"{hub}/datasets/{owner}/{name}/resolve/main/{file}")
            ?? throw new ArgumentException($"HF_ENDPOINT is '{set}', which is not https://HOST.", nameof(location));
    }

    private static Uri? Parsed(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0 ? parsed : null;

    /// <summary>The path of the downloaded file.</summary>
    public static string Fetch(string location, string? sha256, DatasetOptions options)
    {
        var address = AddressOf(location);
        var path = PathOf(address, options);
        if (File.Exists(path))
        {
            if (sha256 is not null) Verify(path, location, sha256);
            return path;
        }
        if (options.Offline || Environment.GetEnvironmentVariable("HF_HUB_OFFLINE") is "1")
            throw new FileNotFoundException(
                $"{location} is not in the cache folder {options.Cache}, and Offline is set. "
                + "Fetch it once with Offline off (and HF_HUB_OFFLINE unset).", path).About(ErrorPage.DownloadFailed);
        using var alone = Alone(path, location);
        // Another process may have fetched it meanwhile.
        if (File.Exists(path)) return Fetch(location, sha256, options);
        var partial = path + ".partial";
        for (var attempt = 1; !TryTransfer(address, partial, attempt == Attempts); attempt++)
            Thread.Sleep(TimeSpan.FromMilliseconds(100 * attempt * attempt));
        if (sha256 is not null) Verify(partial, location, sha256);
        AtomicFile.Replace(partial, path);
        SharedFile.Delete(partial + ".tag");
        return path;
    }

    /// <summary>The path of a file that was fetched before; null where it was not.</summary>
    public static string? Held(string location, DatasetOptions options) =>
        PathOf(AddressOf(location), options) is var path && File.Exists(path) ? path : null;

    private static string PathOf(Uri address, DatasetOptions options)
    {
        var key = ContentHash.OfText(address.AbsoluteUri)[..16];
        return Path.Combine(options.Cache, "downloads", key, NameOf(address));
    }

    /// <summary>What the file of an address is called: its last part, unescaped once, as every system takes it.</summary>
    // Not by Uri.LocalPath, which takes an escaped slash for one, and a share's address for a path of Windows.
    internal static string NameOf(Uri address)
    {
        var part = address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..];
        return part.Length == 0 ? "file" : PortableName.Fit(Uri.UnescapeDataString(part), RoomForEndings);
    }

    // Two processes may want one file: the second waits until the first has it, or has given up.
    private static FileStream Alone(string path, string location)
    {
        var folder = Path.GetDirectoryName(path)!;
        var file = folder + ".lock"; // Beside the folder: in it a download may have any name.
        try
        {
            Directory.CreateDirectory(folder);
            return SharedFile.OpenAlone(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{location} could not be fetched: {e.Message} Name a cache folder that can be written "
                + "(CacheFolder of the dataset's options, or XDG_CACHE_HOME).", e).About(ErrorPage.DownloadFailed);
        }
    }

    private static bool TryTransfer(Uri address, string partial, bool last)
    {
        try
        {
            using var target = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Transfer(address, target, partial + ".tag");
            return true;
        }
        catch (Exception e) when (
            e is HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError } or IOException && !last)
        {
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{address} could not be fetched: "
                + $"{e.Message} What has come stays in {partial}; run again to go on from there.", e).About(ErrorPage.DownloadFailed);
        }
    }

    private static void Transfer(Uri address, FileStream target, string tagFile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // Going on is safe only while the file is still the one begun: its entity tag says so.
        var tag = File.Exists(tagFile) ? File.ReadAllText(tagFile) : null;
        if (target.Length > 0 && tag is not null && EntityTagHeaderValue.TryParse(tag, out var known))
        {
            request.Headers.Range = new(target.Length, null);
            request.Headers.IfRange = new(known);
        }
        using var response = Client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var goesOn = response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange?.From == target.Length;
        if (goesOn) target.Seek(0, SeekOrigin.End);
        else target.SetLength(0);
        if (response.Headers.ETag is { IsWeak: false } current) File.WriteAllText(tagFile, current.ToString());
        else SharedFile.Delete(tagFile);
        var expected = target.Length + response.Content.Headers.ContentLength;
        using var content = response.Content.ReadAsStream();
        content.CopyTo(target);
        if (expected is { } length && target.Length != length)
            throw new IOException($"the transfer ended after {target.Length:N0} of {length:N0} bytes.");
    }

    private static void Verify(string path, string location, string sha256)
    {
        var found = ContentHash.OfFile(path);
        if (found.Equals(sha256, StringComparison.OrdinalIgnoreCase)) return;
        SharedFile.Delete(path);
        throw new InvalidDataException(
            $"{location} has the SHA-256 {found}, not {sha256} as the card says. "
            + "The file was deleted; if the source changed on purpose, correct the card.").About(ErrorPage.ChecksumDiffers);
    }
}
