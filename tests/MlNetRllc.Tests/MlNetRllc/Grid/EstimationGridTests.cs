using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetRllc.Tests.Grid;

public sealed class EstimationGridTests : IDisposable
{
    private readonly TinyStudy study = new();
    private readonly MLContext ml = new(seed: 1);

    public void Dispose() => study.Dispose();

    [Fact]
    public void Heads_AreEveryHead_AtEveryCheckpoint_OnEveryDataset()
    {
        var grid = study.Grid(ml);
        Assert.Equal(["Step", "Component", "Dataset", "Checkpoint"], grid.Schema.Select(c => c.Name));
        Assert.Equal(2 * 2 * 4, grid.GetColumn<int>("Step").Count());
        Assert.Equal(["l0h0", "l0h1", "l1h0", "l1h1"], grid.GetColumn<string>("Component").Distinct());
    }

    [Fact]
    public void UnknownComponent_IsRefused_ListingThoseThereAre()
    {
        var error = Assert.Throws<ArgumentException>(() => ml.Rllc.EstimationGrid(study.Checkpoints(ml), ["l2h0"], ["docs"]));
        Assert.Contains("l1h1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OverlappingSelectors_GiveEachComponentOnce() =>
        Assert.Equal(["l0h1", "l0h0", "l1h0", "l1h1"],
            ml.Rllc.EstimationGrid(study.Checkpoints(ml), ["l0h1", "heads"], ["docs"]).GetColumn<string>("Component").Take(4));
}
