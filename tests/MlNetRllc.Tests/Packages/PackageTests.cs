using System.IO.Compression;
using System.Xml.Linq;
using MlNetRllc.Core.Native;
using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Packages;

/// <summary>The packages as others meet them: from a local folder, in a project that has nothing of this repository.</summary>
[Collection(SdkBuilds.Name), Trait("Category", "Package"), Trait("System", "Unix")]
public sealed class PackageTests(PackedLibrary packed) : IDisposable
{
    private const string Version = PackedLibrary.Version;
    private const string Bridge = "libLibTorchSharp.so";
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-consumer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Where the system's libstdc++ is older than TorchSharp asks for, TorchSharp alone fails for good.
    // Links make the output one file with the cache.
    [Theory, Trait("System", "Linux")]
    [InlineData("MlNetRllc", "build", "runtimes/linux-x64/native")]
    [InlineData("MlNetRllc.Core", "publish", "")]
    public async Task CleanProject_ThatTouchesTorchSharpFirst_Runs(string package, string command, string place)
    {
        var consumer = Consumer(package, """
            using System.Runtime.CompilerServices;
            using TorchSharp;
            Console.WriteLine(First.Sum());
            Console.WriteLine(Then.Loaded());
            Console.WriteLine(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
            static class First
            {
                [MethodImpl(MethodImplOptions.NoInlining)]
                public static float Sum() => torch.ones(2).sum().item<float>();
            }
            static class Then
            {
                [MethodImpl(MethodImplOptions.NoInlining)]
                public static string Loaded() { MlNetRllc.Core.Native.TorchNative.EnsureLoaded(); return "loaded"; }
            }
            """);
        string[] links = ["-p:CreateHardLinksForCopyLocalIfPossible=true", "-p:CreateHardLinksForPublishFilesIfPossible=true"];
        string[] system = command == "publish" ? ["-r", "linux-x64", "--no-self-contained"] : [];
        var bridges = Directory.GetFiles(Path.Combine(LocalFeed.Cache, "torchsharp"), Bridge, SearchOption.AllDirectories);
        var original = bridges.Order(StringComparer.Ordinal).Last();
        var before = File.ReadAllBytes(original);
        for (var time = 0; time < 2; time++) // the second time over what the first left
        {
            await DotnetCommand.RunIn(consumer, "dotnet", [command, "-o", "out", .. links, .. system, "--nologo", "-v", "q"]);
            Assert.Equal("2\nloaded\nFalse\n", await DotnetCommand.RunIn(consumer, "dotnet", Path.Combine("out", "consumer.dll")));
            var found = File.ReadAllBytes(Path.Combine(consumer, "out", place, Bridge));
            Assert.Equal(before, File.ReadAllBytes(original));
            Assert.Equal(before.Length, found.Length);
            Assert.Equal(1, ElfVersionNeeds.MarkWeak(before.ToArray(), "GLIBCXX_3.4.32"));
            Assert.Equal(1, before.Zip(found).Count(b => b.First != b.Second));
        }
    }

    // What a trimmed program has of JSON: nothing is found by reflection. The same switch, without the minute that trimming takes.
    [Fact, Trait("System", "Linux")]
    public async Task CleanProject_WithoutJsonByReflection_FitsSavesLoadsAndSamples()
    {
        var consumer = Consumer("MlNetRllc", """"
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using MlNetRllc;
            using MlNetRllc.Heads;
            using MlNetRllc.Sampling;
            using MlNetRllc.Text.Tokens;

            var ml = new MLContext(1);
            string At(string name) => Path.Combine(AppContext.BaseDirectory, name);
            string[] words = ["one", "two", "three", "four", "five", "six"];
            string TextOf(int i) => string.Join(' ', Enumerable.Range(0, 40).Select(j => words[(i * 7 + j * j) % 6]));
            var documents = Enumerable.Range(0, 80).Select(i => $$"""{"text":"{{TextOf(i)}}"}""");
            File.WriteAllText(At("text.json"), $"[{string.Join(',', documents)}]");
            var text = ml.Rllc.LoadText(At("text.json")).View;
            var tokenization = new TokenizeTextOptions { VocabularySize = 270, ContextLength = 8, StoreFolder = At("store") };
            var tokenizer = ml.Rllc.TokenizeText(tokenization).Fit(text);
            var contexts = tokenizer.Transform(text);
            var model = ml.Rllc.TrainAttentionOnlyTransformer("Tokens", new()
            {
                Layers = 1, Heads = 2, ModelWidth = 8, HeadWidth = 4, Steps = 4, BatchSize = 4, CheckpointFolder = At("checkpoints"),
            }).Fit(contexts);
            var grid = ml.Data.TakeRows(ml.Rllc.EstimationGrid(model.Checkpoints, components: ["heads"], datasets: ["d"]), 2);
            ITransformer Saved(ITransformer fitted, IDataView input)
            {
                ml.Model.Save(fitted, input.Schema, At("model.zip"));
                return new MLContext(1).Model.Load(At("model.zip"), out _);
            }
            var datasets = new Dictionary<string, IDataView> { ["d"] = contexts };
            var scoring = new ScoreHeadsOptions { Traces = true, TokenClasses = true, TokenTexts = words };
            var study = ml.Rllc.SampleSgld(datasets, new() { Chains = 2, Draws = 3, BurnIn = 0, BatchSize = 4 }, new RowStore(At("rows")))
                .Append(ml.Rllc.EstimateRllc())
                .Append(ml.Rllc.ScoreHeads(contexts, options: scoring, store: new ScoreStore(At("scores"))))
                .Append(ml.Rllc.ClassifyHeads()).Fit(grid);
            double[] Numbers(ITransformer fitted) =>
                [.. fitted.Transform(grid).GetColumn<double>("Rllc"), .. fitted.Transform(grid).GetColumn<double>("HessianTrace")];
            var found = Numbers(study);
            Console.WriteLine(found.All(double.IsFinite) && found.SequenceEqual(Numbers(Saved(study, grid))));
            Console.WriteLine(string.Join('|', study.Transform(grid).GetColumn<string>("ScoreStatus").Distinct()));
            var reader = Saved(ml.Rllc.PredictText(tokenizer, model).Fit(text), text);
            Console.WriteLine(reader.Transform(ml.Data.TakeRows(text, 3)).Preview().RowView.Length);
            IEnumerable<int> Tokens(IDataView view) => view.GetColumn<int[]>("Tokens").SelectMany(t => t);
            Console.WriteLine(Tokens(Saved(tokenizer, text).Transform(text)).SequenceEqual(Tokens(contexts)));
            """");
        await Build(consumer, "-p:JsonSerializerIsReflectionEnabledByDefault=false");
        var printed = await DotnetCommand.RunIn(consumer, "dotnet", Path.Combine("out", "consumer.dll"));
        Assert.Equal("True\n\n3\nTrue\n", printed);
    }

    [Theory, InlineData("MlNetRllc.Core"), InlineData("MlNetRllc")]
    public void Package_HasReadmeIconDocsAndWhatItNeeds(string project)
    {
        using var package = ZipFile.OpenRead(packed.File(project));
        var names = package.Entries.Select(e => e.FullName).ToList();
        string[] wanted = ["package-readme.md", "icon.png", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml"];
        Assert.Superset(wanted.ToHashSet(), names.ToHashSet());
        using var stream = package.GetEntry($"{project}.nuspec")!.Open();
        var elements = XDocument.Load(stream).Descendants().Where(e => e.Name.LocalName == "dependency");
        var dependencies = elements.Select(e => e.Attribute("id")!.Value).ToList();
        // libtorch for Linux, whichever system packs; others by runtime.json.
        if (project == "MlNetRllc") Assert.Contains("MlNetRllc.Core", dependencies);
        else Assert.Equal(["libtorch-cpu-linux-x64"], dependencies.Where(d => d.StartsWith("libtorch", StringComparison.Ordinal)));
        Assert.Equal(project == "MlNetRllc.Core", names.Contains("runtime.json"));
        // One thing is done to whoever builds with it, and nothing is run from the package but what it can read there.
        string[] assets = project == "MlNetRllc.Core" ? ["Native/ElfVersionNeeds.cs", "buildTransitive/MlNetRllc.Core.targets"] : [];
        bool IsBuiltWith(string name) =>
            name.StartsWith("build", StringComparison.Ordinal) || name.EndsWith(".cs", StringComparison.Ordinal);
        Assert.Equal(assets, names.Where(IsBuiltWith).Order(StringComparer.Ordinal));
    }

    // The largest of its libraries is left out: to press and unpack it takes most of a minute, and what is run here does not load it.
    [Fact, Trait("System", "Linux")]
    public async Task Tool_InstallsFromAFolder_AndRuns()
    {
        var light = Path.Combine(folder, "light.targets");
        File.WriteAllText(light, """
            <Project>
              <Target Name="LeaveOutTheLargest" AfterTargets="ComputeResolvedFilesToPublishList">
                <ItemGroup>
                  <Largest Include="@(ResolvedFileToPublish)" Condition="'%(Filename)' == 'libtorch_cpu'" />
                  <ResolvedFileToPublish Remove="@(Largest)" />
                </ItemGroup>
              </Target>
            </Project>
            """);
        await DotnetCommand.Run("pack", "src/MlNetRllc.Runner", "-c", LocalFeed.Configuration, "-o", folder,
            $"-p:PackageVersion={Version}", $"-p:CustomAfterMicrosoftCommonTargets={light}",
            "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false", "-p:RestoreLockedMode=false", "--nologo", "-v", "q");
        await DotnetCommand.RunIn(folder, "dotnet", "tool", "install", "rllc", "--version", Version,
            "--tool-path", "tools", "--add-source", folder);
        var printed = await DotnetCommand.RunIn(folder, Path.Combine(folder, "tools", "rllc"), "explain", "train");
        Assert.Contains("layers", printed, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(new FileInfo(Path.Combine(folder, $"rllc.linux-x64.{Version}.nupkg")).Length, 5e6, 30e6);
        using var pointer = ZipFile.OpenRead(Path.Combine(folder, $"rllc.{Version}.nupkg"));
        using var settings = pointer.Entries.Single(e => e.Name == "DotnetToolSettings.xml").Open();
        var systems = XDocument.Load(settings).Descendants("RuntimeIdentifierPackage").Select(e => e.Attribute("Id")!.Value);
        Assert.Equal(["rllc.linux-x64", "rllc.win-x64", "rllc.osx-arm64"], systems);
    }

    [Theory, Trait("System", "Linux")]
    [InlineData("cpu", "libtorch-cpu-linux-x64")]
    [InlineData("cuda", "libtorch-cuda-12.8-linux-x64")]
    public async Task TorchProperty_SelectsTheBuildOfLibtorch(string torch, string expected)
    {
        var printed = await DotnetCommand.Run("msbuild", "src/MlNetRllc.Core", "-getItem:PackageReference", $"-p:Torch={torch}");
        using var json = System.Text.Json.JsonDocument.Parse(printed);
        var items = json.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray();
        var references = items.Select(r => r.GetProperty("Identity").GetString()!);
        Assert.Equal([expected], references.Where(r => r.StartsWith("libtorch", StringComparison.Ordinal)));
    }

    private static Task<string> Build(string consumer, params string[] properties) =>
        DotnetCommand.RunIn(consumer, "dotnet",
            ["build", "-o", "out", "-p:CreateHardLinksForCopyLocalIfPossible=true", .. properties, "--nologo", "-v", "q"]);

    // Unpacked packages go into the test's own folder and the machine's are read as a fallback: its cache gets nothing of
    // ours, and libtorch is not unpacked again.
    private string Consumer(string package, string source)
    {
        var consumer = Directory.CreateDirectory(Path.Combine(folder, "consumer")).FullName;
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(folder, "unpacked")}" /></config>
              <packageSources><add key="ours" value="{packed.Folder}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{LocalFeed.Cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(consumer, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{package}" Version="{Version}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(consumer, "Program.cs"), source);
        return consumer;
    }
}
