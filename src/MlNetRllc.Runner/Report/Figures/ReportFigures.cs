namespace MlNetRllc.Runner.Report.Figures;

/// <summary>The figures of a study, in the order of the report.</summary>
internal static class ReportFigures
{
    /// <summary>All kinds of figures: the one list.</summary>
    public static IReadOnlyList<StudyFigure> All { get; } =
    [
        new LossFigure(), new TrajectoryFigure(), new TextsFigure(), new ClustersFigure(),
        new TypesFigure(), new AgreementFigure(), new MultigramFigure(),
        new ReferenceFigure(), new DatasetsFigure(), new BehaviourFigure(),
        new CompositionFigure(), new AblationFigure(), new PathsFigure(),
        new CurvatureFigure(), new TokenClassFigure(), new PatternMapFigure(), new ProfileFigure(),
        new AttentionFigure(), new LossChangeFigure(),
    ];

    /// <summary>Those for which the study has data.</summary>
    public static IReadOnlyList<ReportFigure> FiguresOf(StudyReport study)
    {
        var view = new StudyView(study);
        return [.. All.Select(figure => (Figure: figure, Text: figure.Tell(view))).Where(f => f.Text is not null)
            .Select(f => new ReportFigure(f.Figure.Id, f.Text!.Title, f.Text.Finding, f.Text.Caption, f.Text.Data, f.Figure.ShortName,
                f.Figure.TellByText(view)))];
    }
}
