using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetRllc.Runner.Commands;

/// <summary>A time as an argument: <c>90s</c>, <c>10m</c>, <c>1h30m</c>.</summary>
internal static partial class TimeArgument
{
    /// <summary>The option <c>--within</c>.</summary>
    public static Option<string> Within()
    {
        var within = new Option<string>("--within")
        {
            Description = "fit the whole into a time, with fewer checkpoints and draws than the file says: 90s, 10m, 1h30m",
            HelpName = "time",
        };
        within.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && TimeOf(token.Value) is null)
                given.AddError($"--within {token.Value}: give hours, minutes or seconds, such as 90s, 10m or 1h30m.");
        });
        return within;
    }

    /// <summary>The time; null where the text is none.</summary>
    public static TimeSpan? TimeOf(string text)
    {
        var parts = Parts().Match(text);
        if (!parts.Success) return null;
        double Number(string unit) => parts.Groups[unit].Success ? double.Parse(parts.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;
        var seconds = 3600 * Number("h") + 60 * Number("m") + Number("s");
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    [GeneratedRegex(@"^(?=.)(?:(?<h>[0-9]{1,5})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,8})s)?\z")]
    private static partial Regex Parts();
}
