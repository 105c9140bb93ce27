using System.Runtime.InteropServices;
using MlNetRllc.Runner.Planning;
using MlNetRllc.Text;

namespace MlNetRllc.Tests.Text;

public sealed class UserCacheFolderTests
{
    public static TheoryData<string, string?, string> Systems => new()
    {
        { "LINUX", null, "home/.cache/mlnet-rllc" },
        { "LINUX", "", "home/.cache/mlnet-rllc" },
        { "OSX", null, "home/Library/Caches/mlnet-rllc" },
        { "WINDOWS", null, "local/mlnet-rllc" },
        { "LINUX", "set", "set/mlnet-rllc" },
        { "OSX", "set", "set/mlnet-rllc" },
        { "WINDOWS", "set", "set/mlnet-rllc" },
    };

    [Theory]
    [MemberData(nameof(Systems))]
    public void EverySystem_HasOneFolder(string system, string? set, string expected)
    {
        var folder = UserCacheFolder.In(OSPlatform.Create(system), set,
            folder => folder == Environment.SpecialFolder.LocalApplicationData ? "local" : "home");
        Assert.Equal(Path.Combine(expected.Split('/')), folder);
    }

    [Fact]
    public void RelativeFolder_IsNotTaken()
    {
        Assert.Null(UserCacheFolder.Usable("rel"));
        Assert.Null(UserCacheFolder.Usable(""));
        Assert.Equal(Path.GetTempPath(), UserCacheFolder.Usable(Path.GetTempPath()));
    }

    [Fact]
    public void DownloadsAndMeasurements_LieInOneFolder() => Assert.Equal(UserCache.Folder, new DatasetOptions().Cache);
}
