namespace MlNetRllc.Runner.Report.Figures;

/// <summary>What a figure says in words.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Finding">One sentence: what is seen, for the summary at the top; empty when it is no finding of its own.</param>
/// <param name="Caption">What is seen with its uncertainty, and how to read the marks.</param>
internal sealed record FigureText(string Title, string Finding, string Caption)
{
    /// <summary>What the caption was computed from and the page draws: lines of fit, tables of counts.</summary>
    public object? Data { get; init; }
}

/// <summary>A kind of figure of the report: told here, drawn by the page's script under its id.</summary>
internal abstract class StudyFigure
{
    /// <summary>Which drawing it is.</summary>
    public abstract string Id { get; }

    /// <summary>Its name in the page's contents.</summary>
    public abstract string ShortName { get; }

    /// <summary>What it says of a study; null where the study has nothing for it.</summary>
    public abstract FigureText? Tell(StudyView view);

    /// <summary>What it says where a reader chooses another dataset; null for a figure that is not of one dataset.</summary>
    public virtual IReadOnlyDictionary<string, FigureText>? TellByText(StudyView view) => null;
}
