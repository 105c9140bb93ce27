using System.Reflection;
using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Commands;
using MlNetRllc.Runner.Running;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Documentation;

/// <summary>errors.md and the messages that name its sections.</summary>
public sealed class ErrorPageTests
{
    private static readonly FieldInfo[] Names = [.. typeof(ErrorPage).GetFields().Where(f => f.IsLiteral)];

    [Fact]
    public void NamesInCode_AreTheSectionsOfThePage() => Assert.Equal(
        Names.Select(n => (string)n.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        ErrorSections.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void EveryName_IsThatOfAMessage()
    {
        var code = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "ErrorPage.cs").Select(File.ReadAllText));
        Assert.All(Names, name => Assert.Contains($"ErrorPage.{name.Name}", code, StringComparison.Ordinal));
    }

    [Fact]
    public void EverySection_HasMeaningTwoCausesAndARemedy() => Assert.All(ErrorSections.All, section =>
    {
        var lines = section.Value.Split('\n');
        Assert.True(lines[2].Length > 20 && !lines[2].StartsWith('-'), section.Key);
        Assert.Equal(2, lines.Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.StartsWith("Remedy: ", StringComparison.Ordinal));
    });

    [Fact]
    public void Message_EndsWithTheNameOfItsSection_AlsoBelowAWrapper()
    {
        var inner = new InvalidDataException("it is cut.").About(ErrorPage.PyTorchFile);
        Assert.Equal("it is cut. (rllc explain error pytorch-file-refused)", ErrorText.MessageOf(inner));
        Assert.Equal(
            "a.pt: it is cut. (rllc explain error pytorch-file-refused)",
            ErrorText.MessageOf(new InvalidDataException("a.pt: it is cut.", inner)));
        Assert.Equal("it is cut.", ErrorText.MessageOf(new InvalidDataException("it is cut.")));
    }

    [Fact]
    public void MissingFile_NamesASectionThatTheCommandShows()
    {
        var failed = RunnerProcess.Run(Path.GetTempPath(), ["plan", "no-such-file.yaml"]);
        Assert.Equal(2, failed.ExitCode);
        Assert.EndsWith("(rllc explain error pipeline-file)", failed.Errors.TrimEnd(), StringComparison.Ordinal);
        var shown = RunnerProcess.Run(Path.GetTempPath(), ["explain", "error", "pipeline-file"]);
        Assert.Equal((0, ErrorSections.All["pipeline-file"]), (shown.ExitCode, shown.Output.TrimEnd()));
    }

    [Fact]
    public void UnknownSection_IsRefusedWithTheNearest()
    {
        var failed = RunnerProcess.Run(Path.GetTempPath(), ["explain", "error", "disk-ful"]);
        Assert.Equal(2, failed.ExitCode);
        Assert.Contains("disk-full", failed.Errors, StringComparison.Ordinal);
    }
}
