using MlNetRllc.Tests.Runner;

namespace MlNetRllc.Tests.Architecture;

/// <summary>A room of a project: a folder with what lies below it.</summary>
/// <param name="Name">Its path in the project.</param>
/// <param name="MayUse">The rooms that it may use beside itself.</param>
internal sealed record Room(string Name, IReadOnlyList<string> MayUse);

/// <summary>The rooms of a project, from the ground up, as the table of <c>src/README.md</c> has them.</summary>
/// <param name="Project">Its folder in <c>src/</c>.</param>
/// <param name="Assembly">What it is compiled to.</param>
/// <param name="All">Where a folder of a room is named too, it is a room of its own.</param>
internal sealed record Rooms(string Project, string Assembly, IReadOnlyList<Room> All)
{
    /// <summary>What lies beside the folders, and may use every room.</summary>
    public const string Root = "";

    private const string Door = "the door", Nothing = "-";

    public static readonly Rooms Core = Read("MlNetRllc.Core", "MlNetRllc.Core");
    public static readonly Rooms Library = Read("MlNetRllc", "MlNetRllc");
    public static readonly Rooms Runner = Read("MlNetRllc.Runner", "rllc");

    public static IReadOnlyList<Rooms> Projects => [Core, Library, Runner];

    /// <summary>The room of a folder; null where the table does not know it.</summary>
    public string? Of(string folder)
    {
        for (var at = folder; at != Root; at = at.LastIndexOf('/') is > 0 and var end ? at[..end] : Root)
            if (All.Any(room => room.Name == at)) return at;
        return folder == Root ? Root : null;
    }

    /// <summary>Whether an arrow is allowed.</summary>
    public bool Allows(string from, string to) =>
        from == to || from == Root || All.Any(room => room.Name == from && room.MayUse.Contains(to));

    private static Rooms Read(string project, string assembly)
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "src", "README.md"));
        var rows = page.SkipWhile(line => line != $"| {project} | may use |").Skip(2).TakeWhile(line => line.StartsWith('|')).ToList();
        Assert.NotEmpty(rows);
        var cells = rows.Select(row => row.Trim('|', ' ').Split(" | "));
        return new(project, assembly, [.. cells.Select(cell => new Room(cell[0], NamesIn(cell[1])))]);
    }

    private static string[] NamesIn(string cell) =>
        cell == Nothing ? [] : [.. cell.Split(", ").Select(name => name == Door ? Root : name)];
}
