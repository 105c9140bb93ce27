namespace MlNetRllc.Grid;

/// <summary>One row of a sweep: a component at a checkpoint on a dataset.</summary>
/// <example>
/// <code>
/// using MlNetRllc.Grid;
///
/// var ml = new MLContext(seed: 1);
/// GridRow[] rows = [new() { Step = 100, Component = "l0h3", Dataset = "docs", Checkpoint = "step-100.safetensors" }];
/// var grid = ml.Data.LoadFromEnumerable(rows);
/// foreach (var row in ml.Data.CreateEnumerable&lt;GridRow&gt;(grid, reuseRowObject: false)) Console.WriteLine(row.Component);
/// </code>
/// </example>
public sealed class GridRow
{
    /// <summary>Training step of the checkpoint.</summary>
    public int Step { get; set; }

    /// <summary>The component, such as <c>l0h3</c>.</summary>
    public string Component { get; set; } = "";

    /// <summary>Name of the dataset.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>Path of the checkpoint, a safetensors file.</summary>
    public string Checkpoint { get; set; } = "";
}
