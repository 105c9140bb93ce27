using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Core.Contexts;
using MlNetRllc.Core.Engines;
using MlNetRllc.Core.Heads;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Options;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Training;
using MlNetRllc.Core.Weights;
using MlNetRllc.Foundation;
using MlNetRllc.Grid;
using MlNetRllc.Heads;
using MlNetRllc.Testing;
using MlNetRllc.Text.Tokens;

namespace MlNetRllc.Tests.Foundation;

/// <summary>Keys that stores of earlier versions hold. A constant here is changed only together with the version in its key: what was
/// computed under the old one is then computed anew.</summary>
public sealed class StoredWorkKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0, "l0h0", "docs", "077e606e4af85a3c69dadfed168ca61e6aaf2b146e161dac053b6100d16d9d4f",
        "d81d95e827580e4efc9587aa55e87656ef3399998fc4b82081a4108a90ad9bb9")]
    [InlineData(1, "l1h1", "code", "3d56380828cf7a9a7c47cd9b5446d5f3dde03bf42b4f24c7ec3c94583e8894b0",
        "dd08ba1213a6ea183d12d34a4971b9ab7900786c01f839dfbf2cddc6af589cb1")]
    public void KnownRow_HasTheKeysItAlwaysHad(int step, string component, string dataset, string key, string group)
    {
        using var study = new TinyStudy();
        var model = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options).Fit(study.Grid(ml));
        var found = model.KeysOf([new GridRow { Step = step, Component = component, Dataset = dataset, Checkpoint = study.PathOf(step) }]);
        Assert.Equal((group, key), (found.Single()?.Group, found.Single()?.Row));
    }

    [Fact]
    public void KnownScores_LieWhereTheyAlwaysLay()
    {
        using var study = new TinyStudy();
        var grid = study.Grid(ml);
        var scoring = ml.Rllc.ScoreHeads(TinyStudy.Contexts(ml, 1), options: new() { Traces = true }, store: new ScoreStore(folder));
        var rows = scoring.Fit(grid).Transform(grid);
        Assert.All(rows.GetColumn<string>("ScoreStatus"), Assert.Empty);
        string[] known =
        [
            "012eb22b720a689676dd4f26f266883d28a03375699ab0155ab40cab3e38428e",
            "01d11bc4d9109e352e27f7e695e9c2039863647b89799b4d55824e0173608d34",
            "022674a390933fb54624a6cf6564905de5a00be7ef01c7ae58569dbbfea60b59",
            "4e54476eab9322d51f3a5beb6a291b7ed49aba12e3255d32e6d30cca3a1d7cd1",
            "93c502aa1ca236b05a7035fa4bbbf1541dfad2794f35b52bc98513a87b997bfd",
            "da2a37589956b5a47fece0493e8c919e6ae2aa50dbf2ca311e0579686d10fcd2",
        ];
        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories);
        Assert.Equal(known, files.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void KnownText_HasTheTokenStoreItAlwaysHad()
    {
        var text = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i =>
            new Document($"Document {i} tells of the number {i} and of the number {i * 7}; it tells it twice, twice.")));
        var options = new TokenizeTextOptions { VocabularySize = 290, ContextLength = 16, StoreFolder = folder };
        var tokens = ml.Rllc.TokenizeText(options).Fit(text).Transform(text);
        Assert.NotEmpty(tokens.GetColumn<string>("Split"));
        Assert.Equal("084d578cd33c4026276d18c1f502c372", Path.GetFileName(Assert.Single(Directory.GetDirectories(folder))));
    }

    [Fact]
    public void KnownTraining_IsTheOneItAlwaysWas()
    {
        var options = new TrainingOptions
        {
            Schedule = LearningRateSchedule.WarmupCosine,
            Checkpoints = CheckpointSchedule.Linear(5) with { Steps = [1, 2, 3] },
        };
        var found = TrainingIdentity.Describe(new TransformerConfig(), options, new ContextSet("a", new int[] { 1, 2, 3, 4 }, 4), null);
        Assert.Equal(new Dictionary<string, string>
        {
            ["format"] = "3",
            ["model"] = """{"VocabularySize":5000,"ContextLength":1024,"Layers":2,"Heads":8,"ModelWidth":256,"HeadWidth":32"""
                + ""","MlpWidth":0,"AttentionBiases":true,"UnembeddingBias":true,"LayerNormEpsilon":1E-05}""",
            ["options"] = """{"Steps":50000,"BatchSize":100,"LearningRate":0.001,"Schedule":1,"WarmupSteps":100"""
                + ""","FinalLearningRate":0.1,"DecayShare":0.2,"Beta1":0.9,"Beta2":0.999,"Epsilon":1E-08,"WeightDecay":0.05"""
                + ""","ClipNorm":1,"ValidationContexts":64,"Checkpoints":{"Logarithmic":0,"Every":5,"Steps":[1,2,3]}"""
                + ""","Initialization":{"Embedding":0.02,"Position":0.02,"Sinusoidal":false,"Blocks":1,"Unembedding":0.02},"Seed":1}""",
            ["training data"] = "c2bfd1c618b8c85a7c1777a6ef9c9b6e4d3fb501e3e3eda57f74882279ee962e",
            ["validation data"] = "none",
        }, found);
    }

    [Fact]
    public void ReferenceAndDevice_AreOtherRows()
    {
        string Key(string? reference, string? device) => StoredWorkKey.Row(
            "w", "l0h0", "docs", "c", new() { BurnIn = 0 }, reference, device);
        Assert.Equal(4, new HashSet<string> { Key(null, null), Key("r", null), Key(null, "CUDA"), Key("r", "CUDA") }.Count);
        Assert.Equal("33a3a599b860c2e76ca4fe77d6b5f4fac873a605ee134f940df36551c19306c4", Key("r", "CUDA"));
    }

    /// <summary>Rows of models with MLPs were the autograd engine's before the lock-step engine served them: under their old keys
    /// lies what it still gives when it is asked for.</summary>
    [Theory]
    [InlineData(8, SamplingEngine.Auto, "f8c1f3bde404a2e37e41fd23f9a5b9d0")]
    [InlineData(8, SamplingEngine.LockStep, "78bfc932ab780169059002df01cbecb5")]
    [InlineData(8, SamplingEngine.Autograd, "a8b821637b489d8a1f70b9985c445d1d")]
    [InlineData(0, SamplingEngine.Auto, "483f4e641ade8831db532cc4dba93711")]
    public void RowOfAModelWithMlps_HasItsKey(int mlpWidth, SamplingEngine engine, string key)
    {
        using var study = new TinyStudy();
        var config = TinyStudy.Config with { MlpWidth = mlpWidth };
        var path = Path.Combine(study.Folder, "other.safetensors");
        Checkpoint.Save(path, config, new WeightSet(WeightNames.Shapes(config).Select(w =>
            new Weight(w.Name, w.Shape, [.. Enumerable.Range(0, w.Shape.Aggregate(1, (n, d) => n * d)).Select(i => i % 7 / 8f)]))));
        var model = ml.Rllc.SampleSgld(TinyStudy.Datasets(ml), TinyStudy.Options with { Engine = engine }).Fit(study.Grid(ml));
        var found = model.KeysOf([new GridRow { Step = 0, Component = "l0h0", Dataset = "docs", Checkpoint = path }]);
        Assert.Equal(key, found.Single()?.Row[..32]);
    }

    [Fact]
    public void UnusualNumbers_StandInKeysAsTheyAlwaysDid() => Assert.Equal(
        """{"Method":"RmsPropSgld","StepSize":1E-05,"NBeta":1000000000000000,"Localization":"Infinity","WeightDecay":0"""
        + ""","NoiseLevel":1,"BoundingBox":0.1,"Chains":4,"Draws":200,"TargetStandardError":1E-07,"BurnIn":0,"Thinning":1"""
        + ""","BatchSize":32,"GradientAccumulation":1,"RmsPropDecay":0.99,"RmsPropEpsilon":0.1,"Friction":1,"HeadBiases":true"""
        + ""","Engine":"Auto","Precision":"BFloat16","Seed":1}""",
        StoredWorkKey.Text(new SgldOptions
        {
            BoundingBox = 0.1, BurnIn = 0, TargetStandardError = 1e-7, NBeta = 1e15, StepSize = 1e-5, Method = SamplingMethod.RmsPropSgld,
            Precision = ProductPrecision.BFloat16, HeadBiases = true, Localization = double.PositiveInfinity,
        }).ToString());

    /// <summary>An option that a later version adds: with its usual value no key changes, with another one every key does.</summary>
    [Fact]
    public void OneMoreProperty_ChangesNoKeyUntilItChangesAResult()
    {
        static KeyText Tomorrow(OptionsOfTomorrow options)
        {
            var usual = new OptionsOfTomorrow().Momentum;
            return StoredWorkKey.Text(options.Today)
                .WithLater(nameof(options.Momentum), options.Momentum, usual, (text, name, value) => text.With(name, value));
        }

        Assert.Equal($"{StoredWorkKey.Text(new SgldOptions())}", $"{Tomorrow(new())}");
        Assert.Equal($"{StoredWorkKey.Text(new SgldOptions { Chains = 3 })}", $"{Tomorrow(new() { Today = new() { Chains = 3 } })}");
        Assert.EndsWith("""
            ,"Momentum":0.5}
            """, $"{Tomorrow(new() { Momentum = 0.5 })}", StringComparison.Ordinal);
    }

    public static TheoryData<Type> Keyed =>
    [
        typeof(SgldOptions), typeof(HeadScoreOptions), typeof(TokenPatternOptions), typeof(CurvatureOptions),
        typeof(TrainingOptions), typeof(TransformerConfig),
    ];

    /// <summary>No option is forgotten: whoever adds one says here, or in the key, what it does.</summary>
    [Theory, MemberData(nameof(Keyed))]
    public void EveryOption_ChangesTheKey(Type type)
    {
        var usual = TextOf(Activator.CreateInstance(type)!);
        foreach (var (path, changed) in Changed(type)) Assert.True(TextOf(changed) != usual, $"{type.Name}.{path} has no part in the key.");
    }

    private static string TextOf(object options) => (options switch
    {
        SgldOptions sampling => StoredWorkKey.Text(sampling),
        HeadScoreOptions scores => StoredWorkKey.Text(scores),
        TokenPatternOptions patterns => StoredWorkKey.Text(patterns),
        CurvatureOptions curvature => StoredWorkKey.Text(curvature),
        TrainingOptions training => TrainingIdentity.Text(training),
        TransformerConfig config => TrainingIdentity.Text(config),
        _ => throw new ArgumentException($"There is no key of {options.GetType().Name}."),
    }).ToString();

    private static object OneMore(Type kind, object? usual)
    {
        var number = Convert.ToDouble(usual ?? 0, CultureInfo.InvariantCulture);
        return Convert.ChangeType(number + 1, kind, CultureInfo.InvariantCulture);
    }

    // The type's objects, each with another value of one property, records within it included.
    private static IEnumerable<(string Path, object Object)> Changed(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var usual = property.GetValue(Activator.CreateInstance(type));
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var others = kind == typeof(bool) ? [("", !(bool)usual!)]
                : kind == typeof(string) ? [("", usual + "x")]
                : kind.IsEnum ? [("", Enum.GetValues(kind).Cast<object>().First(v => !v.Equals(usual)))]
                : kind == typeof(IReadOnlyList<int>) ? [("", new[] { 7 })]
                : kind.IsPrimitive ? [("", OneMore(kind, usual))]
                : Changed(kind).Select(c => ("." + c.Path, c.Object));
            foreach (var (rest, value) in others)
            {
                var made = Activator.CreateInstance(type)!;
                property.SetValue(made, value);
                yield return (property.Name + rest, made);
            }
        }
    }

    private sealed record OptionsOfTomorrow
    {
        public SgldOptions Today { get; init; } = new();

        public double Momentum { get; init; }
    }

    private sealed record Document(string Text);
}
