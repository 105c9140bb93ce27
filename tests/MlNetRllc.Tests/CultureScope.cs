using System.Globalization;

namespace MlNetRllc.Tests;

/// <summary>Runs what follows under a culture, until disposed.</summary>
internal sealed class CultureScope : IDisposable
{
    private readonly (CultureInfo Culture, CultureInfo Ui) before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    public CultureScope(CultureInfo culture) => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);

    /// <summary>A culture as the machine knows it; where it has no data of cultures (ICU), one that writes numbers as it does.</summary>
    public static CultureInfo Of(string name)
    {
        if (HasData) return new(name);
        var made = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var (minus, point, group) = name switch
        {
            "de-DE" => ("-", ",", "."),
            "sv-SE" => ("\u2212", ",", "\u00a0"),
            "tr-TR" => ("-", ",", "."),
            "fa-IR" => ("\u200e\u2212", "\u066b", "\u066c"),
            _ => throw new ArgumentException($"There are no signs for {name} here."),
        };
        var numbers = made.NumberFormat;
        (numbers.NegativeSign, numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator) = (minus, point, group);
        (numbers.PercentDecimalSeparator, numbers.NaNSymbol, numbers.PositiveInfinitySymbol) = (point, "nan", "\u221e");
        return made;
    }

    /// <summary>Whether the machine has data of cultures.</summary>
    public static bool HasData { get; } = !(AppContext.TryGetSwitch("System.Globalization.Invariant", out var invariant) && invariant)
        && Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is not ("1" or "true");

    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
}
