namespace MlNetRllc.Runner.Running;

/// <summary>Shows a run as it goes.</summary>
internal interface IStudyDisplay
{
    /// <summary>Runs the work under the display.</summary>
    void Show(Action work);

    /// <summary>A step begins.</summary>
    void Begin(string step, string what);

    /// <summary>A step is so far: a share from 0 to 1, and what it is at.</summary>
    void Progress(string step, double share, string now);

    /// <summary>A step is done.</summary>
    void End(string step, string summary, TimeSpan time);

    /// <summary>A file was damaged, and is put aside and made again.</summary>
    /// <param name="sentence">Which, and where it is now.</param>
    void Damaged(string sentence)
    {
    }
}
