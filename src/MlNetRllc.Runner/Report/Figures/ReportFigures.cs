namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The figures of a study, in the order of the report.</summary>
internal static class ReportFigures
{
    private static readonly Func<StudyView, ReportFigure?>[] All =
    [
        LossFigure.Of, TrajectoryFigure.Of, TextsFigure.Of, ClustersFigure.Of, TypesFigure.Of, TypesFigure.Agreement, MultigramFigure.Of, ReferenceFigure.Of, DatasetsFigure.Of,
        BehaviourFigure.Of, CompositionFigure.Of, AblationFigure.Of, AblationFigure.Paths, CurvatureFigure.Of, TokenClassFigure.Of, ExampleFigures.Attention, ExampleFigures.LossChange,
    ];

    /// <summary>Those for which the study has data.</summary>
    public static IReadOnlyList<ReportFigure> FiguresOf(StudyReport study)
    {
        var view = new StudyView(study);
        return [.. All.Select(figure => figure(view)).OfType<ReportFigure>()];
    }
}
