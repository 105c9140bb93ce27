using MlNetRllc.Core.Files;

namespace MlNetRllc.Tests.Core.Files;

/// <summary>Files that another program has open, as Windows tells of them: simulated, for Linux lets anybody replace a file.</summary>
public sealed class FileMoverTests : IDisposable
{
    private const int AccessDenied = unchecked((int)0x80070005), SharingViolation = unchecked((int)0x80070020);

    private readonly string folder = Directory.CreateTempSubdirectory("rllc-mover-").FullName;
    private readonly List<TimeSpan> waits = [];
    private int moves;

    public FileMoverTests()
    {
        File.WriteAllText(At("old"), "old");
        File.WriteAllText(At("new"), "new");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Faults => ["shared", "denied", "denied as IOException"];

    private static Exception Fault(string kind) => kind switch
    {
        "shared" => new IOException("The process cannot access the file because it is being used by another process.", SharingViolation),
        "denied" => new UnauthorizedAccessException("Access to the path is denied."),
        _ => new IOException("Access to the path is denied.", AccessDenied),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FileThatIsLetGoInTime_IsReplaced(string fault)
    {
        foreach (var failures in (int[])[0, 1, HeldFiles.Tries - 1])
        {
            File.WriteAllText(At("new"), "new");
            (moves, _) = (0, waits.RemoveAll(_ => true));
            Mover(failures, fault, replaces: null).Replace(At("new"), At("old"));
            Assert.Equal(("new", failures), (File.ReadAllText(At("old")), waits.Count));
            Assert.Equal(["old"], Names());
        }
    }

    [Fact]
    public void Patience_EndsAfterTwoSeconds()
    {
        Assert.Throws<IOException>(() => Mover(int.MaxValue, "shared", replaces: false).Replace(At("new"), At("old")));
        Assert.Equal(TimeSpan.FromSeconds(2), waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait));
        Assert.Equal(HeldFiles.Tries, moves);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void FileThatStaysOpen_IsExchanged_WhereItsReaderLetsItBeRenamed(string fault)
    {
        Mover(int.MaxValue, fault, replaces: true).Replace(At("new"), At("old"));
        Assert.Equal("new", File.ReadAllText(At("old")));
        Assert.Equal(["old"], Names());
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void FileThatStaysOpen_IsNamed_AndNothingIsLost(string fault)
    {
        var error = Assert.Throws<IOException>(() => Mover(int.MaxValue, fault, replaces: false).Replace(At("new"), At("old")));
        Assert.StartsWith($"{At("old")} cannot be replaced", error.Message, StringComparison.Ordinal);
        Assert.Contains("close the program that has it open", error.Message, StringComparison.Ordinal);
        Assert.Equal(("old", "new"), (File.ReadAllText(At("old")), File.ReadAllText(At("new"))));
        Assert.Equal(["new", "old"], Names());
    }

    // The way back may be held too: for a moment, or for good.
    [Theory, InlineData(0), InlineData(1), InlineData(5)]
    public void ExchangeThatStopsHalfWay_LeavesTheOldFileInItsPlace(int failures)
    {
        Assert.Throws<IOException>(() => HalfWay(failures).Replace(At("new"), At("old")));
        Assert.Equal(("old", "new"), (File.ReadAllText(At("old")), File.ReadAllText(At("new"))));
        Assert.Equal(["new", "old"], Names());
    }

    [Fact]
    public void ExchangeThatStopsHalfWay_AndCannotBeTakenBack_NamesTheOldFilesPlace()
    {
        var error = Assert.Throws<IOException>(() => HalfWay(int.MaxValue).Replace(At("new"), At("old")));
        var left = Path.Combine(folder, Names().First(name => name.StartsWith(".old.", StringComparison.Ordinal)));
        Assert.StartsWith($"{At("old")} lies at {left} now", error.Message, StringComparison.Ordinal);
        Assert.Equal(("old", At("old")), (File.ReadAllText(left), FileMover.ExchangedFor(left)));
    }

    [Theory]
    [InlineData(".old"), InlineData("a.old"), InlineData(".a.old"), InlineData("..abcdefgh.ijk.old"), InlineData(".a.abcdefgh.ijk.part")]
    public void OtherNames_AreOfNoExchange(string name) => Assert.Null(FileMover.ExchangedFor(name));

    private FileMover HalfWay(int failures)
    {
        return new(new(isWindows: true, waits.Add), (from, to) =>
        {
            if (from == At("new") || failures-- > 0) throw Fault("shared");
            File.Move(from, to);
        },
        (_, to, old) =>
        {
            File.Move(to, old);
            throw new IOException("Unable to move the replacement file.");
        }, Directory.Move);
    }

    [Fact]
    public void ReadOnlyFile_IsSaidToBeThat()
    {
        File.SetAttributes(At("old"), FileAttributes.ReadOnly);
        var error = Assert.Throws<IOException>(() => Mover(int.MaxValue, "denied", replaces: false).Replace(At("new"), At("old")));
        File.SetAttributes(At("old"), FileAttributes.Normal);
        Assert.Contains("marked as read-only", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void FolderWithAnOpenFile_IsMovedOnceItIsClosed_OrNamed(int failures)
    {
        Directory.CreateDirectory(At("part"));
        File.WriteAllText(At("part/x"), "x");
        void Move() => Mover(failures, "denied as IOException", replaces: null).MoveFolder(At("part"), At("whole"));
        if (failures < HeldFiles.Tries) Move();
        else
        {
            var error = Assert.Throws<IOException>(Move);
            Assert.Contains("close the program that has something in it open", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("x", File.ReadAllText(At(failures < HeldFiles.Tries ? "whole/x" : "part/x")));
    }

    [Fact]
    public void OtherFaults_AreThrownAtOnce_AsTheyAre()
    {
        var full = new IOException("There is not enough space on the disk.", unchecked((int)0x80070070));
        var mover = new FileMover(new(isWindows: true, waits.Add), (_, _) => throw full, (_, _, _) => throw full, (_, _) => throw full);
        Assert.Same(full, Assert.Throws<IOException>(() => mover.Replace(At("new"), At("old"))));
        Assert.Same(full, Assert.Throws<IOException>(() => mover.MoveFolder(folder, At("x"))));
        Assert.Empty(waits);
    }

    [Fact]
    public void MissingRight_OffWindows_IsThrownAtOnce()
    {
        var denied = new UnauthorizedAccessException("Permission denied");
        var mover = new FileMover(new(isWindows: false, waits.Add), (_, _) => throw denied, File.Replace, Directory.Move);
        Assert.Same(denied, Assert.Throws<UnauthorizedAccessException>(() => mover.Replace(At("new"), At("old"))));
        Assert.Empty(waits);
    }

    [Fact]
    public void WhatIsOfNoUse_IsDeleted_FilesAndFolders_AndNothingIsNone()
    {
        Directory.CreateDirectory(At("part"));
        File.WriteAllText(At("part/x"), "x");
        Assert.True(FileMover.TryDelete(At("part")) && FileMover.TryDelete(At("new")) && FileMover.TryDelete(At("none")));
        Assert.Equal(["old"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void WhatCannotBeDeleted_Stays_AndIsSaid()
    {
        using var open = File.Open(At("old"), FileMode.Open, FileAccess.Read, FileShare.None);
        // Linux deletes what is open; a file is no folder that something could be deleted from.
        Assert.False(FileMover.TryDelete(OperatingSystem.IsWindows() ? At("old") : At("old/x")));
        Assert.True(File.Exists(At("old")));
    }

    private FileMover Mover(int failures, string fault, bool? replaces)
    {
        void Fail()
        {
            if (moves++ < failures) throw Fault(fault);
        }
        return new(new(isWindows: true, waits.Add),
            (from, to) => { Fail(); File.Move(from, to, overwrite: true); },
            (from, to, old) =>
            {
                Assert.NotNull(replaces);
                if (replaces == false) throw Fault(fault);
                File.Replace(from, to, old);
            },
            (from, to) => { Fail(); Directory.Move(from, to); });
    }

    private string At(string name) => Path.Combine(folder, name);

    private IEnumerable<string> Names() => Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!;
}
