using MlNetRllc.Runner.Report;
using MlNetRllc.Tests.Packages;

namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>The page's script as TypeScript reads its comments: every call has its arguments, every property its object.</summary>
[Trait("System", "Unix")]
public sealed class PageScriptTests
{
    private static readonly string Here = Path.Combine(Repository.Root, "tests/MlNetRllc.Tests/Runner/Report/Browser");

    /// <summary>Beside what is built, so that it is fetched once and is in no way of what looks through the source.</summary>
    private static readonly string Fetched = Path.Combine(Repository.Root, "artifacts/node");

    private static readonly string Compiler = Path.Combine(Fetched, "node_modules/typescript/lib/tsc.js");

    private static readonly string[] Rooms = ["base", "charts", "parts", "panels", ""];

    /// <summary>A module uses its own folder and those before it: base, charts, parts, panels; the page itself uses all.</summary>
    [Fact]
    public void Modules_UseOnlyFoldersBeforeTheirs()
    {
        var modules = PageScript.InOrder("main.js", Read);
        Assert.True(modules.Count > 30);
        foreach (var (name, text) in modules)
        foreach (var needed in PageScript.Imports(name, text))
            Assert.True(RoomOf(needed) <= RoomOf(name), $"{name} uses {needed}.");
    }

    [Fact]
    public void Modules_AreAllOnThePage_AndShort()
    {
        var used = PageScript.InOrder("main.js", Read).Select(m => m.Name).Order(StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(Folder, "*.js", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(files, used);
        Assert.All(files, f => Assert.InRange(File.ReadAllLines(Path.Combine(Folder, f)).Length, 1, 249));
    }

    [Fact]
    public void ModulesInACircle_AreNamed()
    {
        var error = Assert.Throws<InvalidOperationException>(() => PageScript.Bundle("a.js", name =>
            name == "a.js" ? "import { b } from './x/b.js';\n" : "import { a } from '../a.js';\nexport const b = 1;\n"));
        Assert.Contains("a.js > x/b.js > a.js", error.Message);
    }

    private static int RoomOf(string module) => Array.IndexOf(Rooms, module.Contains('/') ? module.Split('/')[0] : "");

    private static string Read(string module) => File.ReadAllText(Path.Combine(Folder, module));

    private static readonly string Folder = Path.Combine(Repository.Root, "src/MlNetRllc.Runner/Report/Page");

    [Fact]
    public async Task Script_HasNoErrorOfType()
    {
        await SkipWithoutCompiler();
        var project = Path.Combine(Repository.Root, "src/MlNetRllc.Runner/Report/Page/tsconfig.json");
        await DotnetCommand.RunIn(Fetched, "node", Compiler, "--noEmit", "--pretty", "false", "--project", project);
    }

    /// <summary>The compiler is the one that package-lock.json names; it is fetched once.</summary>
    private static async Task SkipWithoutCompiler()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool Has(string program) => folders.Any(f => File.Exists(Path.Combine(f, program)));
        Assert.SkipUnless(Has("node"), "Node.js is not installed; it runs the TypeScript compiler.");
        if (File.Exists(Compiler)) return;
        Assert.SkipUnless(Has("npm"), "npm is not installed; it fetches the TypeScript compiler.");
        Directory.CreateDirectory(Fetched);
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(Here, file), Path.Combine(Fetched, file), overwrite: true);
        var fetched = RunnerProcess.RunShell(Fetched, "npm ci --ignore-scripts --no-audit --no-fund");
        Assert.SkipUnless(fetched.ExitCode == 0, $"The TypeScript compiler could not be fetched: {fetched.Errors}");
    }
}
