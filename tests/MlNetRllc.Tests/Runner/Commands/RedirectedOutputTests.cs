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

    [Fact, Trait("System", "Unix")]
    public void NamesOfOtherScripts_StandInRedirectedOutput_WhateverTheLocale()
    {
        var (folder, locale) = (Path.GetTempPath(), new Dictionary<string, string> { ["LC_ALL"] = "de_DE.ISO-8859-1" });
        var program = Path.Combine(AppContext.BaseDirectory, "rllc.dll");
        var failed = RunnerProcess.RunShell(folder, $"dotnet '{program}' plan 'é-日本.yaml' 2>&1", locale);
        Assert.Contains("é-日本.yaml", failed.Output, StringComparison.Ordinal);
    }
}
