using System.CommandLine;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using MlNetRllc.Core.Errors;
using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;

namespace MlNetRllc.Runner.Commands;

/// <summary><c>rllc explain KIND</c>: the inputs and options of a kind of step, from the options records;
/// <c>rllc explain error NAME</c>: the section of errors.md that a message names.</summary>
internal static class ExplainCommand
{
    public static Command Create(Option<bool> verbose)
    {
        var kinds = string.Join(", ", StepKinds.All.Select(k => k.Name));
        var step = new Argument<string>("step") { Description = $"a kind of step: {kinds}; or {ErrorSections.Word}" };
        var section = new Argument<string?>("name")
        {
            Description = $"behind {ErrorSections.Word}: the name in a message",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new CommandWithExamples("explain", "explain a kind of step: inputs, options, ranges, defaults; or an error",
            ("rllc explain sample", "all options of a sample step"),
            ("rllc explain error unknown-option", "what the message means that ends with this name"))
        {
            step, section,
        };
        command.SetAction(arguments => Failures.Guard(arguments, verbose, () =>
        {
            var name = arguments.GetValue(step)!;
            if (name == ErrorSections.Word) return ErrorSections.Print(arguments.GetValue(section));
            if (arguments.GetValue(section) is { } more)
                throw new PipelineException($"explain {name} {more}: a kind of step stands alone; a name follows 'error' only.");
            var kind = StepKinds.All.FirstOrDefault(k => k.Name == name)
                ?? throw new PipelineException(
                    $"there is no kind of step '{name}'.{NearestName.Hint(name, StepKinds.All.Select(k => k.Name))}");
            Console.WriteLine($"{kind.Name}: {kind.Component}");
            foreach (var input in kind.Inputs)
                Console.WriteLine($"  {input.Key} ({(input.Optional ? "may be left out" : "needed")}): {input.Description}");
            foreach (var type in kind.Options) Print(type, kind.LeftOut, "  ");
            return 0;
        }));
        return command;
    }

    private static void Print(Type record, IReadOnlyList<string> leftOut, string indent)
    {
        var defaults = Activator.CreateInstance(record)!;
        foreach (var property in OptionsBinder.Properties(record).Where(p => !leftOut.Contains(p.Name)))
        {
            var nested = property.PropertyType is { IsClass: true } type && type != typeof(string);
            var value = property.GetValue(defaults);
            var range = property.GetCustomAttribute<RangeAttribute>() is { } r
                ? string.Create(CultureInfo.InvariantCulture, $", {r.Minimum} to {r.Maximum}")
                : "";
            var start = nested || value is System.Collections.IEnumerable and not string
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" = {value ?? "auto"}{range}");
            var description = property.GetCustomAttribute<DescriptionAttribute>()!.Description;
            Console.WriteLine($"{indent}{OptionsBinder.KeyOf(property)}{start}: {description}");
            if (nested) Print(property.PropertyType, [], indent + "  ");
        }
    }
}
