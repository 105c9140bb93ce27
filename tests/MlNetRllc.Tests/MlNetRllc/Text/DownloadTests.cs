using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using MlNetRllc.Core.Files;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Formats;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i}\n")));
    private readonly string cache = Directory.CreateTempSubdirectory("rllc-cache-").FullName;
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly List<string> requests = [];
    private int breakAfter = int.MaxValue;

    public DownloadTests()
    {
        server.Start();
        _ = Serve();
    }

    [Theory]
    [InlineData("http://host/a/b%20c.txt", "b c.txt")]
    [InlineData("http://host/a/b%2520c.txt", "b%20c.txt")]
    [InlineData("http://host/a/b.txt?x=1/c.csv", "b.txt")]
    [InlineData("http://host/a/", "file")]
    [InlineData("http://host/%e6%97%a5.txt", "日.txt")]
    public void NameInAnAddress_IsUnescapedOnce(string address, string name) => Assert.Equal(name, Downloads.NameOf(new Uri(address)));

    [Theory]
    [InlineData("http://host/a%2Fb.jsonl")]
    [InlineData("http://host/a%5C..%5Cb.jsonl")]
    [InlineData("http://host/a%3Ab.jsonl")]
    [InlineData("http://host/nul.jsonl")]
    [InlineData("http://host/a/%2E%2E%2Fb.jsonl")]
    public void NameInAnAddress_IsOneThatEverySystemTakes(string address)
    {
        var name = Downloads.NameOf(new Uri(address));
        Assert.True(PortableName.IsFit(name), name);
        Assert.EndsWith(".jsonl", name, StringComparison.Ordinal);
    }

    // What the program adds to it while the file comes is a name too.
    [Theory, InlineData(200), InlineData(232), InlineData(247), InlineData(255), InlineData(260)]
    public void LongName_LeavesRoomForEndings(int length)
    {
        var name = Downloads.NameOf(new Uri($"http://host/{new string('a', length - 4)}.txt"));
        Assert.True(PortableName.IsFit($".{name}.partial.tag"), name);
        Assert.EndsWith(".txt", name, StringComparison.Ordinal);
    }

    [Theory, InlineData("http://"), InlineData("https://:80/x"), InlineData("http://a:b/x"), InlineData("hf://a/b")]
    public void WhatIsNoAddress_IsRefused(string location) =>
        Assert.StartsWith($"'{location}' is not h", Assert.Throws<ArgumentException>(() => Downloads.AddressOf(location)).Message);

    // The lock of a download that is begun lies where no download's own name can.
    [Fact]
    public void FileOfTheNameOfALock_IsFetched()
    {
        path = "/.lock";
        Assert.Equal(30_000, Load().Documents().Count());
        Assert.Equal(30_000, Load(offline: true).Documents().Count());
    }

    // Whatever is the matter with the lock of a download, but that another one has it: nobody waits for that to pass.
    [Fact]
    public void CacheFolderThatTakesNoLock_IsSaid()
    {
        var source = new Uri(Address);
        Directory.CreateDirectory(Path.Combine(cache, "downloads", ContentHash.OfText(source.AbsoluteUri)[..16] + ".lock"));
        var error = Assert.Throws<IOException>(() => Load().Documents().Count());
        Assert.Contains("Name a cache folder that can be written", error.Message, StringComparison.Ordinal);
    }

    private string path = "/text.txt";

    private string Address => $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}{path}";

    public void Dispose()
    {
        server.Stop();
        Directory.Delete(cache, recursive: true);
    }

    // A server of our own can break off in the middle of a reply, which no library's would.
    private async Task Serve()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await server.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var start = 0;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    if (line.StartsWith("Range: bytes=", StringComparison.Ordinal))
                        start = int.Parse(line["Range: bytes=".Length..^1], CultureInfo.InvariantCulture);
                requests.Add($"from {start}");
                var range = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
                var status = start > 0 ? $"206 Partial Content\r\nContent-Range: {range}" : "200 OK";
                var head = $"HTTP/1.1 {status}\r\nETag: \"v1\"\r\nContent-Length: {Content.Length - start}\r\nConnection: close\r\n\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
                await stream.WriteAsync(Content.AsMemory(start, Math.Min(breakAfter, Content.Length - start)));
            }
        }
    }

    private TextDataset Load(string? sha256 = null, bool offline = false)
    {
        var source = new DatasetSource { Location = Address, Sha256 = sha256 };
        var card = new DatasetCard { Name = "remote", Unit = DocumentUnit.Line, Sources = [source] };
        return TextDataset.Load(new MLContext(), card, new() { CacheFolder = cache, Offline = offline });
    }

    [Fact]
    public void RemoteFile_IsFetchedOnce_ThenReadOffline()
    {
        Assert.Equal(30_000, Load(Convert.ToHexString(SHA256.HashData(Content))).Documents().Count());
        Assert.Equal(30_000, Load(offline: true).Documents().Count());
        Assert.Equal(["from 0"], requests);
    }

    [Fact]
    public async Task TwoThatWantOneFile_BothGetIt()
    {
        var digest = Convert.ToHexString(SHA256.HashData(Content));
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Load(digest).Documents().Count())));
        Assert.Equal([30_000, 30_000, 30_000, 30_000], both);
        Assert.Equal(["from 0"], requests);
    }

    [Fact]
    public void BrokenTransfer_GoesOnWhereItStopped()
    {
        breakAfter = Content.Length / 2;
        Assert.Equal(30_000, Load(Convert.ToHexString(SHA256.HashData(Content))).Documents().Count());
        Assert.Equal(2, requests.Count);
        Assert.NotEqual("from 0", requests[1]);
    }

    [Fact]
    public void WrongChecksum_IsRefused_AndNothingIsKept()
    {
        Assert.Contains("not 00", Assert.Throws<InvalidDataException>(() => Load("00").Documents().Count()).Message);
        Assert.DoesNotContain(Directory.EnumerateFiles(cache, "text.txt*", SearchOption.AllDirectories),
            file => !file.EndsWith(".tag", StringComparison.Ordinal));
    }

    [Fact]
    public void Offline_WithoutCopy_SaysSo() =>
        Assert.Contains("Offline is set", Assert.Throws<FileNotFoundException>(() => Load(offline: true).Documents().Count()).Message);

    [Fact]
    public void HubLocation_ResolvesToItsAddress()
    {
        var address = Downloads.AddressOf("hf://owner/name/data/file.parquet").AbsoluteUri;
        Assert.EndsWith("/datasets/owner/name/resolve/main/data/file.parquet", address);
        Assert.Throws<ArgumentException>(() => Downloads.AddressOf("hf://owner"));
    }
}
