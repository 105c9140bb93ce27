using System.Text;
using MlNetRllc.Core.Errors;
using MlNetRllc.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>The text of a pipeline file, and words for what is none.</summary>
internal static class PipelineText
{
    private const int LongestFile = 1 << 20;

    private static readonly (string Name, byte[] Start)[] OtherFiles =
    [
        ("a PNG picture", [0x89, (byte)'P', (byte)'N', (byte)'G']),
        ("a JPEG picture", [0xff, 0xd8, 0xff]),
        ("a PDF document", [.. "%PDF-"u8]),
        ("a zip archive, or a document or PyTorch checkpoint that is one", [.. "PK\u0003\u0004"u8]),
        ("a gzip archive", [0x1f, 0x8b]),
        ("a Parquet table", [.. "PAR1"u8]),
    ];

    /// <summary>Reads it.</summary>
    /// <exception cref="PipelineException">There is no file, it is too large, or no text.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path)) throw Refusal(path, $"this is a folder; give a pipeline file{Example(path)}.");
        if (!File.Exists(path))
            throw Refusal(path, "the file does not exist. Give the path of a pipeline file, such as pipelines/quickstart.yaml.");
        if (new FileInfo(path).Length > LongestFile)
            throw Refusal(path, $"the file is larger than {LongestFile >> 20} MiB; a pipeline file is text of some pages.");
        var bytes = SharedFile.ReadAllBytes(path);
        if (OtherFiles.FirstOrDefault(other => bytes.AsSpan().StartsWith(other.Start)).Name is { } name)
            throw Refusal(path, $"this is {name}; a pipeline file is text in YAML.");
        using var reader = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            var text = reader.ReadToEnd();
            if (!text.Contains('\0', StringComparison.Ordinal)) return text;
        }
        catch (DecoderFallbackException)
        {
            // Said below.
        }
        throw Refusal(path, "this is no text: it holds bytes that are no characters (UTF-8). A pipeline file is text in YAML.");
    }

    /// <summary>What the parser found wrong, so that it can be understood without knowing YAML.</summary>
    public static string WordsOf(YamlException e, string text)
    {
        // YamlDotNet begins its messages with the place, which the exception states by itself.
        var said = e.InnerException?.Message ?? e.Message;
        if (said.StartsWith("(Line", StringComparison.Ordinal) && said.LastIndexOf("): ", StringComparison.Ordinal) is > 0 and var at)
            said = said[(at + 3)..];
        var reason = said.Length == 0 ? "" : $" ({char.ToLowerInvariant(said[0])}{said[1..].TrimEnd('.')})";
        return text.AsSpan().TrimStart() is ['{' or '[', ..]
            ? $"this begins as JSON, which is YAML too, and is neither from here on{reason}."
            : $"this is not YAML; the mistake is here or just before{reason}.";
    }

    /// <summary>What the text holds in place of one mapping.</summary>
    public static string WordsOf(IList<YamlDocument> documents)
    {
        const string wanted = "a pipeline file is one mapping with the keys version, name, datasets and steps.";
        if (documents.Count > 1) return $"the file holds {documents.Count} documents (---); {wanted}";
        return (documents.Count == 0 ? null : documents[0].RootNode) switch
        {
            null or YamlScalarNode { Value: null or "" } => $"the file holds nothing; {wanted}",
            YamlSequenceNode => $"the file holds a list; {wanted}",
            _ => $"the file holds plain text; {wanted}",
        };
    }

    private static string Example(string folder) => Directory.EnumerateFiles(folder, "*.yaml")
        .Order(StringComparer.Ordinal).FirstOrDefault() is { } first ? $", such as {first}" : "";

    private static PipelineException Refusal(string path, string message) =>
        new PipelineException(message, path).About(ErrorPage.PipelineFile);
}
