using System.Numerics;

namespace MlNetRllc.Core.Weights;

/// <summary>What a checkpoint's name says of its training step.</summary>
/// <param name="Step">The step, where the name leaves no doubt.</param>
/// <param name="HasWord">Whether the name says that it is the step: by a word, or by being nothing
/// but the number.</param>
/// <param name="IsEpoch">Whether it counts epochs.</param>
/// <param name="Doubt">Why the name does not tell, where it has numbers and does not; a sentence.</param>
internal sealed record StepName(int? Step, bool HasWord = false, bool IsEpoch = false, string? Doubt = null);

/// <summary>Reads training steps off the names of a folder's checkpoints, which explain each
/// other.</summary>
internal static class StepNames
{
    public static IReadOnlyList<StepName> Read(IReadOnlyList<string> names)
    {
        var choices = new Choice[names.Count];
        var all = Enumerable.Range(0, names.Count);
        foreach (var series in all.GroupBy(i => NumbersInName.ShapeOf(names[i]), StringComparer.OrdinalIgnoreCase))
            ChooseIn([.. series], names, choices);
        return Resolve(names, choices);
    }

    /// <summary>Among several numbers of the names of one series: one that varies, by the surest
    /// word.</summary>
    private static void ChooseIn(int[] series, IReadOnlyList<string> names, Choice[] choices)
    {
        var numbers = series.Select(i => NumbersInName.WithWord(names[i])).ToArray();
        if (numbers.All(n => n.Count == 0)) numbers = [.. series.Select(i => WithoutWord(names[i]))];
        // Where they do not stand in the same places, each name speaks for itself.
        var alike = numbers.All(n => n.Select(x => x.Rank).SequenceEqual(numbers[0].Select(x => x.Rank)));
        foreach (var group in alike ? [series.Index().ToArray()] : series.Index().Select(s => ((int Index, int Item)[])[s]))
        {
            var chosen = Surest([.. group.Select(g => numbers[g.Index])]);
            foreach (var (at, name) in group)
                choices[name] = Chosen([.. chosen.Select(k => numbers[at][k])], names[name]);
            if (group.All(g => choices[g.Item].Number is not null)) continue;
            foreach (var (_, name) in group)
                if (choices[name].Number is not null)
                    choices[name] = new(
                        null,
                        "two numbers in its name agree, but in other names of the folder they do not.");
        }
    }

    /// <summary>Where a word of progress stands before something unreadable, no other number is the
    /// step.</summary>
    private static IReadOnlyList<NamedNumber> WithoutWord(string name) =>
        NumbersInName.Unreadable(name) is null ? NumbersInName.Others(name) : [];

    /// <summary>Which of the numbers may be the step: those that vary, if any, and of them those by
    /// the surest word.</summary>
    private static int[] Surest(IReadOnlyList<NamedNumber>[] numbers)
    {
        var all = Enumerable.Range(0, numbers[0].Count).ToList();
        var varying = all.Where(k => numbers.Any(n => n[k].Text != numbers[0][k].Text)).ToList();
        var of = varying.Count > 0 ? varying : all;
        return [.. of.Where(k => numbers[0][k].Rank == of.Min(o => numbers[0][o].Rank))];
    }

    private static Choice Chosen(List<NamedNumber> numbers, string name) => numbers.Count == 0
        ? new(null, NumbersInName.Unreadable(name) is { } found ? $"'{found}' in its name is no whole number." : null)
        : numbers.Select(n => n.Text).Distinct().Count() == 1 ? new(numbers[0], null)
        : new(null, $"its name may stand for step {string.Join(" or ", numbers.Select(n => n.First).Distinct())}.");

    private static List<StepName> Resolve(IReadOnlyList<string> names, Choice[] choices)
    {
        var chosen = choices.Select(c => c.Number).OfType<NamedNumber>().ToList();
        var (fit, zeros) = (chosen.All(n => n.FitsGrouping), chosen.Any(n => n.HasGroupOfZero));
        // 1_000 beside 500 and 2_000 is a thousand; 100_2 beside 1000_2 are two numbers; between
        // them no name tells.
        bool? grouped = fit && zeros ? true : chosen.Any(n => n.IsUngrouped) && !zeros ? false : null;
        // Where all count millions they are as likely the sizes of models.
        var sizes = chosen.All(n => n.HasLargeUnit);
        return [.. choices.Select((c, i) => c.Number is not { } number ? new StepName(null, Doubt: c.Doubt)
            : Judged(number, grouped, sizes, number.Word.Length > 0 || number.Text == names[i]))];
    }

    private static StepName Judged(NamedNumber number, bool? grouped, bool sizes, bool hasWord)
    {
        if (number.HasGroups && (grouped is null || !char.IsAsciiDigit(number.Text[^1])))
            return Doubt($"'{number.Text}' in its name may stand for step {number.Plain} or {number.Grouped}: " +
                "it is not certain that its digits are grouped.");
        if (number.LooseGroup is { } loose && (grouped != false || loose.Contains("000", StringComparison.Ordinal)))
            return Doubt($"'{number.Text}{loose}' in its name may stand for step {number.Text} or {number.Text}{loose[^3..]}.");
        if (number.Doubt is { } doubt) return Doubt(doubt);
        if (number.HasDoubtfulPoint)
            return Doubt($"'{number.Text}' in its name is no whole number, unless the point divides thousands.");
        if (number.HasUnit && number.Word.Length == 0 || number.Rank > 1 && sizes)
            return Doubt($"'{number.Text}' in its name may be a step or the size of the model.");
        if (number.Rank > 1 && number.MayBeDay)
            return Doubt($"'{number.Text}' in its name may be a step or a day.");
        var value = number.HasGroups && grouped == true ? number.Grouped : number.Plain;
        return value is { } step && step <= int.MaxValue ? new((int)step, hasWord, number.IsEpoch)
            : Doubt($"'{number.Text}' is no training step; steps are whole numbers from 0 to {int.MaxValue}.");

        StepName Doubt(string reason) => new(null, hasWord, number.IsEpoch, reason);
    }

    private readonly record struct Choice(NamedNumber? Number, string? Doubt);
}
