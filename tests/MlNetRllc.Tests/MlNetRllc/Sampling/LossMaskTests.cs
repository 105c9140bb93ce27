using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetRllc.Grid;
using MlNetRllc.Sampling;
using MlNetRllc.Tests.Workout;

namespace MlNetRllc.Tests.Sampling;

/// <summary>A column LossMask beside the tokens says which of them count in the sampled loss.</summary>
public sealed class LossMaskTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void MaskedDataset_IsAnotherRow_WithOtherLosses()
    {
        var (plain, masked) = (Fitted(TinyStudy.Contexts(ml, 1)), Fitted(Masked(i => i % 3 == 1)));
        Assert.NotEqual(plain.KeysOf([Row]).Single(), masked.KeysOf([Row]).Single());
        Assert.NotEqual(Losses(plain), Losses(masked));
    }

    /// <summary>The first token is not predicted: a mask of all others is a mask of all.</summary>
    [Fact]
    public void MaskOfAllPredictedTokens_IsNoMask()
    {
        var (plain, masked) = (Fitted(TinyStudy.Contexts(ml, 1)), Fitted(Masked(i => i > 0)));
        Assert.Equal(plain.KeysOf([Row]).Single(), masked.KeysOf([Row]).Single());
        Assert.Equal(Losses(plain), Losses(masked));
    }

    [Fact]
    public void Mask_TravelsWithTheModelFile()
    {
        var grid = Grid();
        var fitted = Fitted(Masked(i => i is 2 or 5));
        var file = Path.Combine(study.Folder, "sampler.zip");
        ml.Model.Save(fitted, grid.Schema, file);
        var loaded = (SgldSamplingTransformer)new MLContext().Model.Load(file, out _);
        Assert.Equal(fitted.KeysOf([Row]), loaded.KeysOf([Row]));
        Assert.Equal(RowDump.Of(fitted.Transform(grid)), RowDump.Of(loaded.Transform(grid)));
    }

    /// <summary>Element i speaks of token i: what stands before the only token that counts is read, what follows is not.</summary>
    [Fact]
    public void TokensBehindTheLastThatCounts_ChangeNothing()
    {
        var (one, other) = (Masked(i => i == 4), Masked(i => i == 4, (token, i) => i > 4 ? (token + 3) % 16 : token));
        var third = Masked(i => i == 4, (token, i) => i == 4 ? (token + 3) % 16 : token);
        Assert.Equal(Baseline(one), Baseline(other));
        Assert.NotEqual(Baseline(one), Baseline(third));
    }

    [Fact]
    public void ContextsThatAreLeftOut_AreToldInTheLog()
    {
        var lines = new List<string>();
        ml.Log += (_, e) => lines.Add(e.RawMessage);
        Fitted(Masked((i, row) => row % 2 == 0 && i == 3));
        Assert.Contains("Of the dataset 'docs' 1 of 7 tokens of a context count in the loss, in 6 contexts; "
            + "6 in which none counts are left out.", lines);
    }

    [Fact]
    public void MaskOfAnotherType_IsRefusedByName()
    {
        var table = ml.Data.LoadFromEnumerable(new[] { new WithNumbers { Tokens = new int[8], LossMask = new float[8] } });
        Assert.Contains("dataset 'docs': the column 'LossMask' is Vector<Single>", Refusal(table));
    }

    [Fact]
    public void MaskOfAnotherSize_IsRefusedByName()
    {
        var table = ml.Data.LoadFromEnumerable(new[] { new WithShortMask { Tokens = new int[8], LossMask = new bool[7] } });
        Assert.Contains("dataset 'docs': the column 'LossMask' has 7 flags a row; the column 'Tokens' has 8 tokens", Refusal(table));
    }

    [Fact]
    public void MaskThatCountsNothing_IsRefusedByName() =>
        Assert.Contains("No token of the dataset 'docs' counts", Refusal(Masked(i => i == 0)));

    [Fact]
    public void TrainingAndScores_RefuseAMask()
    {
        var masked = Masked(i => i == 4);
        var options = new MlNetRllc.Training.LanguageModelOptions { Shape = TinyStudy.Config, Steps = 1, BatchSize = 2 };
        Action[] readers = [() => ml.Rllc.TrainAttentionOnlyTransformer("Tokens", options).Fit(masked), () => ml.Rllc.ScoreHeads(masked)];
        foreach (var read in readers)
            Assert.Contains("the column 'LossMask' says that only some tokens count", Assert.Throws<ArgumentException>(read).Message);
    }

    private GridRow Row => new() { Step = 1, Component = "l1h0", Dataset = "docs", Checkpoint = study.PathOf(1) };

    private IDataView Grid() => ml.Data.LoadFromEnumerable(new[] { Row });

    private SgldSamplingTransformer Fitted(IDataView docs) =>
        ml.Rllc.SampleSgld(new Dictionary<string, IDataView> { ["docs"] = docs }, TinyStudy.Options).Fit(Grid());

    private double[] Losses(SgldSamplingTransformer sampler) => sampler.Transform(Grid()).GetColumn<double[]>("Losses").Single();

    // All contexts in every minibatch, so that keys, which choose them, do not matter.
    private double Baseline(IDataView docs)
    {
        var options = TinyStudy.Options with { BatchSize = 12, Draws = 1 };
        var sampler = ml.Rllc.SampleSgld(new Dictionary<string, IDataView> { ["docs"] = docs }, options).Fit(Grid());
        return Math.Round(sampler.Transform(Grid()).GetColumn<double[]>("BaselineLosses").Single().Single(), 12);
    }

    private string Refusal(IDataView docs) => Assert.Throws<ArgumentException>(() => Fitted(docs)).Message;

    private IDataView Masked(Func<int, bool> counts, Func<int, int, int>? token = null) => Masked((i, _) => counts(i), token);

    private IDataView Masked(Func<int, int, bool> counts, Func<int, int, int>? token = null)
    {
        var tokens = TinyStudy.Contexts(ml, 1).GetColumn<int[]>("Tokens");
        return ml.Data.LoadFromEnumerable(tokens.Select((row, number) => new WithMask
        {
            Tokens = [.. row.Select((t, i) => token?.Invoke(t, i) ?? t)],
            LossMask = [.. row.Select((_, i) => counts(i, number))],
        }).ToList());
    }

    private sealed class WithMask
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];

        [VectorType(8)]
        public bool[] LossMask { get; set; } = [];
    }

    private sealed class WithShortMask
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];

        [VectorType(7)]
        public bool[] LossMask { get; set; } = [];
    }

    private sealed class WithNumbers
    {
        [VectorType(8)]
        public int[] Tokens { get; set; } = [];

        [VectorType(8)]
        public float[] LossMask { get; set; } = [];
    }
}
