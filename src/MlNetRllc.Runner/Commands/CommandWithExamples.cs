using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlNetRllc.Runner.Commands;

/// <summary>A command whose help ends with what one may type.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Lines as they are typed, each with a word on what it does.</param>
internal sealed class CommandWithExamples(string name, string description, params (string Line, string Does)[] examples)
    : Command(name, description)
{
    /// <summary>Lines as they are typed, each with a word on what it does.</summary>
    public IReadOnlyList<(string Line, string Does)> Examples => examples;
}

/// <summary>The help of a command, with its examples behind it.</summary>
/// <param name="help">The help without them.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Lets <c>--help</c> of a command and of all below it show examples.</summary>
    public static void ShowIn(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CommandWithExamples command) return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (line, does) in command.Examples) output.WriteLine($"  {line}\n      {does}");
        output.WriteLine();
        return code;
    }
}
