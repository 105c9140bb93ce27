namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The heads that example texts show.</summary>
internal static class ShownHeads
{
    /// <summary>Each head with its examples of those that fit.</summary>
    public static List<(string Name, List<ReportExampleHead> Examples)> Find(StudyView view, Func<ReportExampleHead, bool> fit) =>
        [.. view.Study.Examples.SelectMany(e => e.Heads).Where(fit).GroupBy(h => h.Component).Select(g => (g.Key, g.ToList()))];
}
