namespace MlNetRllc.Runner.Report.Figures;

/// <summary>A figure of a study's report; the page draws it by its id and numbers it by its place.</summary>
/// <param name="Id">Which drawing it is.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Finding">One sentence: what is seen; empty when it is no finding of its own.</param>
/// <param name="Caption">What is seen with its uncertainty, and how to read the marks.</param>
/// <param name="Data">What the caption was computed from and the page draws.</param>
/// <param name="ShortName">Its name in the page's contents.</param>
/// <param name="ByText">What it says of other datasets, by their names; null where it is not of one dataset.</param>
internal sealed record ReportFigure(
    string Id, string Title, string Finding, string Caption, object? Data, string ShortName,
    IReadOnlyDictionary<string, FigureText>? ByText = null);
