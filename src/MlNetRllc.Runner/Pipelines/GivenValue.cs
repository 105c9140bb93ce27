using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>The value of <c>--set option=value</c>: all that stands behind the first <c>=</c>, as it stands.</summary>
/// <remarks>Where a list or a mapping may be set, a value that begins with <c>[</c> or <c>{</c> is one, in YAML's short form;
/// what YAML would drop from it (a comment, an anchor, a tag) is refused.
/// Any other value is text with nothing taken off it: no quotes, no blanks, no <c>#</c>.</remarks>
internal static class GivenValue
{
    /// <summary>The value as a node, whose errors name the assignment.</summary>
    /// <param name="assignment">The whole argument, for errors.</param>
    /// <param name="value">What stands behind its first =.</param>
    /// <param name="isText">Whether the option is a text, such as a path, so that the value is no list whatever it begins with.</param>
    /// <exception cref="PipelineException">It begins as a list or a mapping and is none.</exception>
    public static YamlNode Read(string assignment, string value, bool isText)
    {
        var argument = $"--set {assignment}";
        if (isText || value.Length == 0 || value[0] is not ('[' or '{'))
            return YamlFile.GivenBy(argument, new YamlScalarNode(value) { Style = ScalarStyle.Plain });
        try
        {
            CheckWhole(value, argument);
        }
        catch (YamlException e)
        {
            throw new PipelineException(
                $"this begins as a list or a mapping in YAML and is none ({e.Message}). "
                + "Put a text of it in quotes, such as [\"a: #1\", b].",
                argument);
        }
        return YamlFile.GivenBy(argument, Parse(argument, value));
    }

    private static YamlNode Parse(string argument, string value)
    {
        try { return YamlFile.Parse(argument, $"value: {value}").Root.Children.Values.Single(); }
        // Its line and column are those of no file.
        catch (PipelineException e) { throw new PipelineException(e.Message, argument); }
    }

    /// <summary>A text as it may stand in a list: in quotes where YAML would read it otherwise.</summary>
    public static string InList(string text) => text.Length > 0 && text.All(IsPlain)
        ? text
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '/' or '+';

    private static void CheckWhole(string value, string argument)
    {
        var depth = 0;
        for (var parser = new Parser(new Scanner(new StringReader(value), skipComments: false)); parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > 40) throw new PipelineException("this is nested too deeply.", argument);
            var dropped = parser.Current switch
            {
                Comment comment => $"#{comment.Value}",
                NodeEvent { Anchor.IsEmpty: false } node => $"&{node.Anchor.Value}",
                AnchorAlias alias => $"*{alias.Value.Value}",
                NodeEvent { Tag.IsEmpty: false } node => node.Tag.Value,
                _ => null,
            };
            if (dropped is not null)
            {
                throw new PipelineException(
                    $"'{dropped}' is no value but a comment, anchor or tag of YAML. Put the text in quotes, such as [\"a #1\", \"&b\"].",
                    argument);
            }
        }
    }
}
