using System.Text;
using MlNetRllc.Runner.Commands;

namespace MlNetRllc.Tests.Runner.Commands;

public sealed class RedirectedOutputTests
{
    [Fact]
    public void Text_IsWrittenAsUtf8_WithoutAMark_AtOnce()
    {
        using var stream = new MemoryStream();
        var writer = RedirectedOutput.Utf8(stream);
        writer.Write("é 日本");
        Assert.Equal(Encoding.UTF8.GetBytes("é 日本"), stream.ToArray());
    }

    [Fact]
    public void NamesOfOtherScripts_StandInRedirectedOutput_WhateverTheLocale()
    {
        var locale = new Dictionary<string, string> { ["LC_ALL"] = "de_DE.ISO-8859-1" };
        var failed = RunnerProcess.Run(Path.GetTempPath(), ["plan", "é-日本.yaml"], locale);
        Assert.Contains("é-日本.yaml", failed.Errors, StringComparison.Ordinal);
    }
}
