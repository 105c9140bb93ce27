using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Runner.Pipelines;

/// <summary>Brings files of older versions into today's form, in memory:
/// a file is never rewritten, and its places stay those of the file.</summary>
/// <remarks>
/// A change of the form that would break older files raises <see cref="PipelineReader.Version"/>
/// and appends one migration here, which turns the nodes of the version before into those of the new one.
/// A file without <c>version</c> has version 0: the form of version 1, without that key.
/// </remarks>
internal static class PipelineMigrations
{
    /// <summary>The migration at index i turns version i into i + 1.</summary>
    private static readonly IReadOnlyList<Action<YamlMappingNode>> All = [_ => { }];

    /// <summary>Migrates a file to the version of this program.</summary>
    /// <returns>The version that it had.</returns>
    /// <exception cref="PipelineException">The version is none, or newer than this program.</exception>
    public static int Apply(YamlFile file) => Apply(file, All);

    internal static int Apply(YamlFile file, IReadOnlyList<Action<YamlMappingNode>> migrations)
    {
        var key = new YamlScalarNode("version");
        var version = 0;
        if (file.Root.Children.TryGetValue(key, out var node))
        {
            version = OptionsBinder.Whole(file, node, "version");
            if (version < 0) throw file.Error(node, $"version is '{version}'; it must be a whole number.");
            if (version > migrations.Count)
            {
                throw file.Error(
                    node,
                    $"the file has version {version}; this program reads versions up to {migrations.Count}. Use a newer program.");
            }
        }
        foreach (var migrate in migrations.Skip(version)) migrate(file.Root);
        if (version < migrations.Count)
            file.Root.Children[key] = new YamlScalarNode(migrations.Count.ToString(CultureInfo.InvariantCulture));
        return version;
    }
}
