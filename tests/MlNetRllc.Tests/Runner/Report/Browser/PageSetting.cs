namespace MlNetRllc.Tests.Runner.Report.Browser;

/// <summary>How a page is opened.</summary>
/// <param name="Width">Of the window, CSS pixels.</param>
/// <param name="Dark">Whether the reader's system is dark.</param>
/// <param name="ReducedMotion">Whether the reader asked for no motion; on, so that a test need not wait for one.</param>
/// <param name="Address">What follows the file's name, such as "?panel=finder#l1h4".</param>
internal sealed record PageSetting(int Width = 1400, bool Dark = false, bool ReducedMotion = true, string Address = "")
{
    /// <summary>A wide window and a telephone, in light and dark: width and darkness.</summary>
    public static TheoryData<int, bool> Windows => new() { { 1400, false }, { 1400, true }, { 390, false }, { 390, true } };

    /// <summary>Of the window, CSS pixels.</summary>
    public int Height { get; init; } = 900;

    /// <summary>Whether the screen takes taps.</summary>
    public bool Touch { get; init; }
}
