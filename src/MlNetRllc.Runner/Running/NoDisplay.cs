namespace MlNetRllc.Runner.Running;

/// <summary>Shows nothing.</summary>
internal sealed class NoDisplay : IStudyDisplay
{
    public static readonly NoDisplay Instance = new();

    public void Show(Action work) => work();

    public void Begin(string step, string what)
    {
    }

    public void Progress(string step, double share, string now)
    {
    }

    public void End(string step, string summary, TimeSpan time)
    {
    }
}
