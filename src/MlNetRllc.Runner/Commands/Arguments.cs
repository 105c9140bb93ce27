using System.CommandLine.Parsing;
using MlNetRllc.Foundation;

namespace MlNetRllc.Runner.Commands;

/// <summary>Reads the values of options.</summary>
internal static class Arguments
{
    /// <summary>A whole number from 0 on, by the rule of all whole numbers.</summary>
    /// <param name="what">What 0 stands for.</param>
    public static Func<ArgumentResult, int> Whole(string what) => result =>
    {
        if (WholeNumber.TryParse(result.Tokens[0].Value, out int number) && number >= 0) return number;
        var option = (result.Parent as OptionResult)?.IdentifierToken?.Value;
        result.AddError(
            $"{option} {result.Tokens[0].Value}: give a whole number from 0 ({what}) to {int.MaxValue}, in {WholeNumber.Rule}.");
        return 0;
    };
}
