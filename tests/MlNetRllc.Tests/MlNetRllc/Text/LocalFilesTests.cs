using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.ML;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Text;
using MlNetRllc.Text.Cards;
using MlNetRllc.Text.Sources;

namespace MlNetRllc.Tests.Text;

/// <summary>Which files a path names, for the loader, for what a study's key follows from and for what the plan weighs.</summary>
public sealed class LocalFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-files-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private void Put(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllText(At(name), name);
        }
    }

    private string[] Found(string path) =>
        [.. LocalFiles.FilesAt(At(path)).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];

    [Fact]
    public void HiddenFilesAndFolders_AreLeftOut()
    {
        Put("c/data/a.txt", "c/.gitattributes", "c/.cache/huggingface/download/data/a.txt.metadata",
            "c/data/.ipynb_checkpoints/a.txt", "c/.git/config");
        Assert.Equal(["c/data/a.txt"], Found("c"));
        Assert.Equal(["c/data/a.txt"], Found("c/**"));
        Assert.Equal(["c/data/a.txt"], Found("c/**/*"));
    }

    [Fact]
    public void HiddenFolder_NamedItself_IsRead()
    {
        Put(".cache/hub/a.txt", ".cache/hub/.b.txt");
        Assert.Equal([".cache/hub/a.txt"], Found(".cache/hub"));
        Assert.Equal([".cache/hub/a.txt"], Found(".cache/*/a*"));
        Assert.Equal([".cache/hub/.b.txt"], Found(".c*/hub/.*"));
        Assert.Equal([".cache/hub/.b.txt"], Found(".cache/hub/.b.txt"));
    }

    [Fact, Trait("System", "Unix")]
    public void LinkBackIntoItsFolder_IsNotFollowed()
    {
        Put("c/a/1.txt");
        File.CreateSymbolicLink(At("c/a/up"), "..");
        File.CreateSymbolicLink(At("c/0"), At("c/a"));
        Assert.Equal(["c/a/1.txt"], Found("c"));
        Assert.Equal(["c/a/1.txt"], Found("c/**/*.txt"));
    }

    [Fact, Trait("System", "Unix")]
    public void FolderElsewhere_IsReadOnce_ByItsFirstLink()
    {
        Put("c/a.txt", "other/deep/b.txt");
        File.CreateSymbolicLink(At("c/one"), At("other"));
        File.CreateSymbolicLink(At("c/two"), At("other"));
        // The way to the folder goes through a link too.
        File.CreateSymbolicLink(At("c/three"), At("c/one/deep"));
        Assert.Equal(["c/a.txt", "c/one/deep/b.txt"], Found("c"));
    }

    [Theory, Trait("System", "Unix")]
    [InlineData("ds/shard*/x.txt", "ds/shard1/x.txt", "ds/shard2/x.txt")]
    [InlineData("ds/**/shard*/*.txt", "ds/shard1/x.txt", "ds/shard2/x.txt")]
    [InlineData("ds/**/shard2/**", "ds/shard2/deep/y.txt", "ds/shard2/x.txt")]
    [InlineData("ds/**/x.txt", "ds/pool2/x.txt", "ds/shard1/x.txt")]
    [InlineData("ds/*/*.txt", "ds/leaf/y.txt", "ds/pool2/x.txt", "ds/shard1/x.txt")]
    [InlineData("ds/lat*/x.txt", "ds/latest/x.txt")]
    [InlineData("ds/*/y.txt", "ds/leaf/y.txt")]
    [InlineData("ds/*/*/y.txt", "ds/pool2/deep/y.txt")]
    [InlineData("ds/s**2/x.txt")]
    public void FolderThatAPatternNamesByItsLink_IsReadByIt(string pattern, params string[] files)
    {
        Put("ds/shard1/x.txt", "ds/pool2/x.txt", "ds/pool2/deep/y.txt");
        File.CreateSymbolicLink(At("ds/shard2"), "pool2");
        File.CreateSymbolicLink(At("ds/latest"), "shard1");
        File.CreateSymbolicLink(At("ds/leaf"), At("ds/pool2/deep"));
        Assert.Equal(files, Found(pattern));
    }

    [Fact, Trait("System", "Unix")]
    public void ManyLinksToEachOther_AreWalkedToAnEnd()
    {
        for (var i = 0; i < 12; i++) Put($"c/d{i}/x.txt");
        for (var i = 0; i < 144; i++) File.CreateSymbolicLink(At($"c/d{i / 12}/to{i % 12}"), At($"c/d{i % 12}"));
        Assert.Equal(12, Found("c/**/to*/**/x.txt").Length);
        Assert.Equal(12, Found("c/**/x.txt").Length);
    }

    [Fact, Trait("System", "Unix")]
    public void LinkThatLeadsNowhere_StopsNoPatternThatDoesNotNameIt()
    {
        Put("c/a.txt");
        File.CreateSymbolicLink(At("c/b.md"), "nowhere");
        Assert.Equal(["c/a.txt"], Found("c/*.txt"));
        Assert.Contains("b.md is a link to 'nowhere'", Assert.ThrowsAny<IOException>(() => Found("c/*")).Message);
    }

    [Theory, Trait("System", "Unix")]
    [InlineData("c")]
    [InlineData("c/*")]
    [InlineData("c/**")]
    public void WhatIsNoRegularFile_IsLeftOut(string path)
    {
        Put("c/a.txt");
        File.WriteAllText(At("c/empty.txt"), "");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("c/socket")));
        File.CreateSymbolicLink(At("c/device.txt"), "/dev/zero");
        using (var made = Process.Start("mkfifo", At("c/pipe.txt"))) made.WaitForExit();
        Assert.Equal(["c/a.txt", "c/empty.txt"], Found(path));
        foreach (var name in new[] { "c/socket", "c/device.txt", "c/pipe.txt" })
            Assert.Contains("only regular files are read", Assert.Throws<InvalidDataException>(() => Found(name)).Message);
    }

    [Fact, Trait("System", "Unix")]
    public void LinkedFile_IsReadByItsOwnName()
    {
        Put("blobs/3f9a", "s/readme.md");
        File.CreateSymbolicLink(At("s/a.jsonl"), "../blobs/3f9a");
        Assert.Equal(["s/a.jsonl", "s/readme.md"], Found("s"));
    }

    [Theory, Trait("System", "Unix")]
    [InlineData("nowhere", "a.txt is a link to 'nowhere'")]
    [InlineData("a.txt", "a.txt is a link that leads back to itself")]
    public void LinkThatLeadsNowhere_IsNamed(string target, string reason)
    {
        Directory.CreateDirectory(At("c"));
        File.CreateSymbolicLink(At("c/a.txt"), target);
        Assert.Contains(reason, Assert.ThrowsAny<IOException>(() => Found("c")).Message);
        Assert.Contains(reason, Assert.ThrowsAny<IOException>(() => Found("c/a.txt")).Message);
    }

    [Fact, Trait("System", "Unix")]
    public void WhatExistsByTheName_IsThat_WhateverItHolds()
    {
        Put("what?.txt", "whatX.txt", "a*.txt", "ab.txt", "data[1]/x.txt", "data1/x.txt", "q?/x.txt", "qq/x.txt");
        Assert.Equal(["what?.txt"], Found("what?.txt"));
        Assert.Equal(["a*.txt"], Found("a*.txt"));
        Assert.Equal(["data[1]/x.txt"], Found("data[1]"));
        Assert.Equal(["data[1]/x.txt"], Found("data[1]/*.txt"));
        Assert.Equal(["q?/x.txt"], Found("q?"));
        Assert.Equal(["q?/x.txt"], Found("q?/x.txt"));
        Assert.Equal(["q?/x.txt"], Found("q?/?.*"));
        Assert.Empty(Found("q?/y.txt"));
    }

    [Fact]
    public void WhatDoesNotExist_IsAPattern()
    {
        Put("b/train-1.txt", "a/train-2.txt", "a/test.txt", "a/deep/train-3.txt", "train-[4].txt");
        Assert.Equal(["a/train-2.txt", "b/train-1.txt"], Found("?/train-*"));
        Assert.Equal(["a/deep/train-3.txt", "a/train-2.txt", "b/train-1.txt", "train-[4].txt"], Found("**/train-*"));
        Assert.Equal(["train-[4].txt"], Found("train-[*"));
        Assert.Empty(Found("train-[12].txt"));
    }

    [Fact, Trait("System", "Unix")]
    public void CardInAFolderOfSuchAName_FindsItsFilesAlone()
    {
        Put("set?/a.txt", "setX/a.txt", "set?/b.txt");
        File.WriteAllText(At("set?/card.yaml"), "sources:\n  - location: '*.txt'\n");
        Assert.Equal(["set?/a.txt", "set?/b.txt"], TextDataset.Load(new MLContext(), At("set?/card.yaml")).Documents().Select(d => d.Text));
    }

    [Theory]
    [InlineData("c", "holds no file that is not hidden")]
    [InlineData("n*", "No file matches")]
    [InlineData("none", "There is no file or folder")]
    public void NothingThere_IsSaid(string path, string reason)
    {
        Put("c/.hidden");
        Assert.Contains(reason, Assert.Throws<FileNotFoundException>(() => TextDataset.Load(new MLContext(), At(path))).Message);
    }

    [Theory, Trait("System", "Unix")]
    [InlineData("c")]
    [InlineData("c/**")]
    public void Bookkeeping_ChangesNeitherIdentityNorSize(string path)
    {
        Put("c/data/a.txt");
        var before = (DatasetIdentity.IdentityOf(At(path), new()), TextSize.BytesOf(At(path)));
        Put("c/.cache/download/a.txt.metadata", "c/data/.a.txt.lock");
        File.CreateSymbolicLink(At("c/data/up"), "..");
        Assert.Equal(before, (DatasetIdentity.IdentityOf(At(path), new()), TextSize.BytesOf(At(path))));
        Assert.Equal("c/data/a.txt".Length, before.Item2);
    }

    [Theory, Trait("System", "Unix")]
    [InlineData("q?.txt", "qX.txt")]
    [InlineData("d[*]/a.txt", "d[1]/a.txt")]
    public void Neighbour_ChangesNoIdentityOfWhatExistsByTheName(string path, string neighbour)
    {
        Put(path);
        var before = DatasetIdentity.IdentityOf(At(path), new());
        Put(neighbour);
        Assert.Equal(before, DatasetIdentity.IdentityOf(At(path), new()));
        File.AppendAllText(At(path), "more");
        Assert.NotEqual(before, DatasetIdentity.IdentityOf(At(path), new()));
    }
}
