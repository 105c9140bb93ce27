using MlNetRllc.Core.Files;

namespace MlNetRllc.Tests.Core.Files;

public sealed class PortablePathTests
{
    private static readonly string[] Names = ["sub/x", "sub1", "sub-a/y", "sub", "sub/x.txt", "sub.d/z", "a/b/c", "a/b0/c", "a/bZ", "Ä/x"];

    [Theory]
    [InlineData('/')]
    [InlineData('\\')]
    public void Paths_HaveOneOrder_WhateverPartsTheirFolders(char separator)
    {
        string[] native = [.. Names.Select(name => "root/" + name).Select(name => name.Replace('/', separator))];
        var ordered = native.Order(PortablePath.OrderWhere(separator)).Select(path => PortablePath.WithSlashes(path, separator));
        Assert.Equal(Names.Select(name => "root/" + name).Order(StringComparer.Ordinal), ordered);
    }

    [Fact]
    public void PathsOfBackslashes_AsTheyStand_HaveAnotherOrder() =>
        Assert.Equal([@"sub1", @"sub\x"], new[] { @"sub\x", @"sub1" }.Order(StringComparer.Ordinal));

    [Fact]
    public void PathsOfThisSystem_AreOrderedAsTheirNamesWithSlashes()
    {
        var paths = Names.Select(name => Path.Combine(["root", .. name.Split('/')])).Order(PortablePath.Order);
        Assert.Equal(Names.Order(StringComparer.Ordinal), paths.Select(path => PortablePath.Relative("root", path)));
    }

    [Fact]
    public void Backslash_IsACharacterLikeOthers_WhereSlashesPartFolders() =>
        Assert.Equal(@"a\b/c", PortablePath.WithSlashes(@"a\b/c", '/'));
}
