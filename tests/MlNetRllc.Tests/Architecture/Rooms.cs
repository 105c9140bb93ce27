namespace MlNetRllc.Tests.Architecture;

/// <summary>A room of a project: a folder with what lies below it.</summary>
/// <param name="Name">Its path in the project.</param>
/// <param name="MayUse">The rooms that it may use beside itself.</param>
internal sealed record Room(string Name, params string[] MayUse);

/// <summary>The rooms of a project, from the ground up: each may use some of those that stand before it.</summary>
/// <param name="Project">Its folder in <c>src/</c>.</param>
/// <param name="Assembly">What it is compiled to.</param>
/// <param name="All">Where a folder of a room is named too, it is a room of its own.</param>
internal sealed record Rooms(string Project, string Assembly, IReadOnlyList<Room> All)
{
    /// <summary>What lies beside the folders: it is the door, and may use every room.</summary>
    public const string Root = "";

    public static readonly Rooms Core = new("MlNetRllc.Core", "MlNetRllc.Core",
    [
        new("Native"),
        new("Options"),
        new("Files"),
        new("Kernels", "Native"),
        new("Randomness", "Options", "Files", "Kernels"),
        new("Model", "Native", "Options", "Files", "Randomness"),
        new("Weights", "Native", "Options", "Files", "Model"),
        new("Contexts", "Options", "Files", "Model"),
        new("Estimation", "Options"),
        new("Engines", "Native", "Kernels", "Model", "Contexts"),
        new("Sampling", "Native", "Options", "Randomness", "Model", "Contexts", "Estimation", "Engines"),
        new("Heads", "Native", "Options", "Randomness", "Model", "Contexts"),
        new("Clustering", "Options"),
        new("Training", "Native", "Options", "Files", "Randomness", "Model", "Weights", "Contexts"),
    ]);

    // What tests a user's component goes through the user's door.
    public static readonly Rooms Library = new("MlNetRllc", "MlNetRllc",
    [
        .. Floors(
            "Foundation", "Tables", "Text", "Text/Sources", "Text/Formats", "Text/Documents", "Text/Cards", "Text/Tokens",
            "Checkpoints", "Grid", "Training", "Sampling", "Estimation", "Heads Clustering Modules Prediction"),
        new("Testing", "Foundation", Root),
    ]);

    public static readonly Rooms Runner = new("MlNetRllc.Runner", "rllc", Floors(
        "Pipelines Tables", "Runs", "Planning", "Running", "Executors Report", "Steps", "Commands"));

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

    // A room may use all that stand on the floors below.
    private static Room[] Floors(params string[] floors) =>
        [.. floors.SelectMany((floor, f) => floor.Split(' ').Select(room => new Room(room, [.. floors[..f].SelectMany(b => b.Split(' '))])))];
}
