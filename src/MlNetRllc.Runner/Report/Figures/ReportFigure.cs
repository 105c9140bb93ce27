namespace MlNetRllc.Runner.Report.Figures;

/// <summary>A figure of the report; the page draws it by its id and numbers it by its place.</summary>
/// <param name="Id">Which drawing it is.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Finding">One sentence: what is seen, for the summary at the top; empty when it is no finding of its own.</param>
/// <param name="Caption">What is seen with its uncertainty, and how to read the marks.</param>
internal sealed record ReportFigure(string Id, string Title, string Finding, string Caption)
{
    /// <summary>What the caption was computed from and the page draws: lines of fit, tables of counts.</summary>
    public object? Data { get; init; }
}
