using MlNetRllc.Runner.Pipelines;
using MlNetRllc.Runner.Steps;
using YamlDotNet.RepresentationModel;

namespace MlNetRllc.Tests.Runner.Pipelines;

public sealed class PipelineMigrationTests
{
    private const string Unversioned = """
        name: study
        datasets: { docs: dotnet-docs }
        steps:
          contexts:
            tokenize: { text: docs }
        """;

    [Fact]
    public void FileWithoutVersion_IsReadAsVersion0_InTodaysForm()
    {
        var pipeline = StepKinds.Reader.Read(YamlFile.Parse("p.yaml", Unversioned));
        Assert.Equal((0, "contexts"), (pipeline.File.MigratedFrom, Assert.Single(pipeline.Steps).Name));
        var current = StepKinds.Reader.Read(YamlFile.Parse("p.yaml", "version: 1\n" + Unversioned));
        Assert.Equal(PipelineReader.Version, current.File.MigratedFrom);
    }

    [Theory]
    [InlineData("version: 2", "p.yaml:1:10: the file has version 2; this program reads versions up to 1. Use a newer program.")]
    [InlineData("version: one", "p.yaml:1:10: version is 'one'; it must be a whole number.")]
    [InlineData("version: -1", "p.yaml:1:10: version is '-1'; it must be a whole number.")]
    [InlineData("version: [1]", "p.yaml:1:10: version must be plain text.")]
    public void OtherVersions_AreRefusedByName(string line, string expected) =>
        Assert.Equal(
            expected,
            Assert.Throws<PipelineException>(() => StepKinds.Reader.Read(YamlFile.Parse("p.yaml", $"{line}\n{Unversioned}"))).Located);

    [Theory]
    [InlineData("", "study, renamed, again")]
    [InlineData("version: 1\n", "study, again")]
    [InlineData("version: 2\n", "study")]
    public void Migrations_RunInOrder_FromTheFilesVersionOn(string version, string expected)
    {
        var file = YamlFile.Parse("p.yaml", version + Unversioned);
        PipelineMigrations.Apply(file, [root => Append(root, "renamed"), root => Append(root, "again")]);
        Assert.Equal((expected, "2"), (Scalar(file.Root, "name").Value, Scalar(file.Root, "version").Value));
    }

    [Fact]
    public void MovedNode_KeepsItsPlaceInTheFile()
    {
        var file = YamlFile.Parse("p.yaml", Unversioned.Replace("name: study", "title: ../study", StringComparison.Ordinal));
        PipelineMigrations.Apply(file, [root =>
        {
            root.Children[new YamlScalarNode("name")] = root.Children[new YamlScalarNode("title")];
            root.Children.Remove(new YamlScalarNode("title"));
        }]);
        var error = Assert.Throws<PipelineException>(() => StepKinds.Reader.Read(file));
        Assert.StartsWith("p.yaml:1:8: the name '../study' names a folder", error.Located, StringComparison.Ordinal);
    }

    private static YamlScalarNode Scalar(YamlMappingNode root, string key) =>
        (YamlScalarNode)root.Children[new YamlScalarNode(key)];

    private static void Append(YamlMappingNode root, string text) => Scalar(root, "name").Value += $", {text}";
}
