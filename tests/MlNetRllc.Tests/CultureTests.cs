using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlNetRllc.Core.Clustering;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Sampling.Calibration;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Workout;
using MlNetRllc.Training;

namespace MlNetRllc.Tests;

/// <summary>What the library writes, reads, hashes and says is the same under cultures with a decimal comma, another minus
/// sign, other casing and another calendar as under the invariant one.</summary>
public sealed class CultureTests : IDisposable
{
    /// <summary>What differs from run to run: names of folders, and times.</summary>
    private const string Changing = "(?<=/mlnetrllc-test-)[/\\w]+|[0-9]{1,3}(,[0-9]{3})* (?=tokens/s)|[0-9]+:[0-9]+:[0-9]+(?= left)";

    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<string> Cultures => ["de-DE", "sv-SE", "tr-TR", "fa-IR"];

    public void Dispose() => study.Dispose();

    [Theory, MemberData(nameof(Cultures))]
    public void CulturesHere_WriteNumbersInAnotherWay(string culture)
    {
        var text = string.Create(CultureScope.Of(culture), $"{-1.5}");
        Assert.NotEqual("-1.5", text);
        using var scope = new CultureScope(CultureScope.Of(culture));
        Assert.Equal(text, (-1.5).ToString(CultureInfo.CurrentCulture));
    }

    [Theory, MemberData(nameof(Cultures))]
    public void InterpolatedText_IsTheSame(string culture) => SameUnder(culture, () =>
    {
        var (value, count, when) = (-1234.5, -7, new DateTime(2024, 3, 20, 1, 2, 3));
        object boxed = -0.25;
        return $"{value} {value:F3} {value:N1} {value,12:e2}|{count}|{count,4}|{boxed}|{when:yyyy-MM-dd HH:mm}|{double.NaN}|"
            + $"{double.NegativeInfinity}|{0.5:p0}";
    }, "-1234.5 -1234.500 -1,234.5   -1.23e+003|-7|  -7|-0.25|2024-03-20 01:02|NaN|-Infinity|50 %");

    [Theory, MemberData(nameof(Cultures))]
    public void Tables_AreTheSameBytes_AndReadTheSame(string culture) => SameUnder(culture, () =>
    {
        var table = ml.Data.LoadFromEnumerable(new List<Row>
        {
            new() { Step = -7, Component = "l0h0", Rllc = -1.49, Share = -0.1f, Losses = [0.5, -2.5] },
            new() { Step = 1000000, Component = "I\u0131", Rllc = double.NegativeInfinity, Share = 1e-9f, Losses = [double.NaN, 1e300] },
            new() { Step = 0, Component = "", Rllc = double.NaN, Share = 1, Losses = [0, -0.0] },
        });
        var said = "";
        foreach (var ending in new[] { "csv", "parquet" })
        {
            var path = Path.Combine(study.Folder, $"t.{ending}");
            ml.Rllc.SaveTable(table, path);
            said += Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
            said += $"\n{string.Join('\n', RowDump.Of(ml.Rllc.LoadTable(path)))}\n";
        }
        return said + File.ReadAllText(Path.Combine(study.Folder, "t.csv"));
    });

    [Theory, MemberData(nameof(Cultures))]
    public void EveryComponent_ComputesSavesAndLogsTheSame(string culture) => SameUnder(culture, () =>
    {
        var said = new List<string>();
        foreach (var component in WorkoutCase.All(study))
        {
            var fresh = new MLContext(seed: 1);
            fresh.Log += (_, e) =>
            {
                if (e.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning) said.Add(e.RawMessage);
            };
            var input = component.Input(fresh);
            var fitted = component.Make(fresh).Fit(input);
            var rows = RowDump.Of(fitted.Transform(input));
            said.AddRange(rows);
            said.AddRange(Shapes(fitted.GetOutputSchema(input.Schema)));
            var path = Path.Combine(study.Folder, "model.zip");
            fresh.Model.Save(fitted, input.Schema, path);
            // A trained model remembers its folder of checkpoints.
            if (fitted is not LanguageModelTransformer) said.AddRange(Contents(path));
            Assert.Equal(rows, RowDump.Of(fresh.Model.Load(path, out _).Transform(input)));
            (fitted as IDisposable)?.Dispose();
        }
        return Regex.Replace(string.Join('\n', said), Changing, "?");
    });

    [Theory, MemberData(nameof(Cultures))]
    public void KeysAndStreams_AreTheSame(string culture) => SameUnder(culture, () =>
    {
        var store = Path.Combine(study.Folder, "rows");
        if (Directory.Exists(store)) Directory.Delete(store, recursive: true);
        var grid = study.Grid(ml);
        var options = TinyStudy.Options with { StepSize = 1.5e-3, Localization = 2.5 };
        RowDump.Of(ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), options, new RowStore(store)).Fit(grid).Transform(grid));
        return NamedRandom.Stream(-3, -0.5, "x").Integer(1000000, 1, 2) + " "
            + string.Join('\n', Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
    });

    [Theory, MemberData(nameof(Cultures))]
    public void CalibrationAndItsPage_AreTheSame(string culture) => SameUnder(culture, () =>
    {
        var options = new CalibrationOptions
        {
            Sampling = TinyStudy.Options, StepSizes = [1e-4, 2.5e-3], NBetas = [10], Localizations = [10.5],
        };
        var found = ml.Rllc.CalibrateSgld(study.PathOf(0), TinyStudy.Contexts(ml, 1), ["l0h0"], options);
        var page = Path.Combine(study.Folder, "page.html");
        found.SaveHeatMap(page);
        return $"{found.Reason}\n{string.Join('\n', RowDump.Of(found.Table))}\n{File.ReadAllText(page)}";
    });

    [Theory, MemberData(nameof(Cultures))]
    public void CardsAndText_AreReadTheSame(string culture) => SameUnder(culture, () =>
    {
        File.WriteAllText(Path.Combine(study.Folder, "TITLES.CSV"),
            "ID,TITLE,TEXT\n1,a,I write it. \u0130\u0131 i.\n2,b,Another one of \u06f1\u06f2 words.\n");
        File.WriteAllText(Path.Combine(study.Folder, "card.yaml"), """
            name: tiny
            title: Rows taken at another weight
            licence: MIT
            homepage: https://example.org
            format: CSV
            sources:
              - location: TITLES.CSV
                weight: 1.5
            """);
        var dataset = ml.Rllc.LoadText(Path.Combine(study.Folder, "card.yaml"));
        return string.Join('\n', RowDump.Of(dataset.View));
    });

    [Theory, MemberData(nameof(Cultures))]
    public void Refusals_SayTheSame(string culture) => SameUnder(culture, () => string.Join('\n', new Action[]
    {
        () => new SgldOptions { StepSize = -1.5 }.Validated(),
        () => new SgldOptions { Draws = -3 }.Validated(),
        () => ml.Rllc.EstimateRllc(new() { MaxRHat = 0.5 }),
        () => ml.Rllc.ClusterTrajectories(-2),
        () => TrajectoryClustering.Cluster([[1, 2], [2, 3]], new ClusteringOptions { Clusters = 2 }, [-0.5, 1]),
        () => ml.Rllc.ClusterTrajectories(1).Fit(ml.Data.LoadFromEnumerable(new List<Fractional> { new() { Step = -1.5 } })),
        () => ml.Rllc.TokenizeText(vocabularySize: -257, contextLength: 8).Fit(TinyStudy.Contexts(ml, 1)),
        () => _ = new ContextSet("docs", new[] { 1, 2, -3, 4 }, 2),
        () => _ = new ContextSet("docs", new[] { 1, 2 }, -2),
        () => new AttentionOnlyTransformer(TinyStudy.Config).forward(TorchSharp.torch.tensor(new[,] { { -5L, 1L } })),
        () => ml.Rllc.LoadTable(Written("a;b\n-0,5;1\n")),
    }.Select(Message)));

    private string Written(string text)
    {
        var path = Path.Combine(study.Folder, "bad.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private static string Message(Action refused)
    {
        var error = Assert.ThrowsAny<Exception>(refused);
        return $"{error.GetType().Name}: {error.Message}";
    }

    private static IEnumerable<string> Shapes(DataViewSchema schema) => schema.Where(c => c.HasSlotNames()).Select(c =>
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        c.GetSlotNames(ref names);
        return $"{c.Name}: {string.Join(' ', names.DenseValues())}";
    });

    // The entries, for the archive itself holds the time.
    private static IEnumerable<string> Contents(string zip)
    {
        using var archive = ZipFile.OpenRead(zip);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            yield return $"{entry.FullName} {Convert.ToHexString(SHA256.HashData(stream))}";
        }
    }

    private static void SameUnder(string culture, Func<string> say, string? wanted = null)
    {
        string invariant, found;
        using (new CultureScope(CultureInfo.InvariantCulture)) invariant = say();
        using (new CultureScope(CultureScope.Of(culture))) found = say();
        if (wanted is not null) Assert.Equal(wanted, invariant);
        Assert.NotEmpty(invariant);
        Assert.Equal(invariant.Split('\n'), found.Split('\n'));
    }

    private sealed class Row
    {
        public int Step { get; set; }

        public string Component { get; set; } = "";

        public double Rllc { get; set; }

        public float Share { get; set; }

        [VectorType(2)]
        public double[] Losses { get; set; } = [];
    }

    private sealed class Fractional
    {
        public double Step { get; set; }

        public string Component { get; set; } = "l0h0";

        public string Dataset { get; set; } = "docs";

        public double Rllc { get; set; }
    }
}
