using MlNetRllc.Runner.Commands;

namespace MlNetRllc.Tests.Runner.Commands;

public sealed class FreeSpaceTests
{
    [Fact]
    public void FolderOfADisk_HasSome() => Assert.True(FreeSpace.In(Path.GetTempPath()) > 0);

    // What DriveInfo says of \\server\share and \\wsl$\Debian, of a share that is away, and of one that is not for this user.
    public static TheoryData<Type> Faults =>
        [typeof(ArgumentException), typeof(DriveNotFoundException), typeof(IOException), typeof(UnauthorizedAccessException)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void FolderThatTheSystemTellsNothingOf_HasAnUnknownAmount(Type fault) =>
        Assert.Null(FreeSpace.In("x", _ => throw (Exception)Activator.CreateInstance(fault)!));
}
