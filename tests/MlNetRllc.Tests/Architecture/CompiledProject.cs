using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MlNetRllc.Tests.Architecture;

/// <summary>One use of a type of the same project by code that lies in a file.</summary>
/// <param name="File">Relative to the project, with slashes.</param>
/// <param name="Taken">The outermost type that is used.</param>
internal readonly record struct UseOfType(string File, TypeDefinition Taken);

/// <summary>A project as the compiler left it: its types, the files they were written in, and which type uses which.</summary>
/// <remarks>A constant that was compiled into its user leaves no trace, so the use of one cannot be seen here.</remarks>
internal sealed class CompiledProject : IDisposable
{
    private readonly string project;
    private readonly ModuleDefinition module;
    private readonly Dictionary<string, string[]> files;

    /// <param name="rooms">Names the project, and its assembly beside the tests' own.</param>
    public CompiledProject(Rooms rooms)
    {
        project = rooms.Project;
        var path = Path.Combine(AppContext.BaseDirectory, $"{rooms.Assembly}.dll");
        module = ModuleDefinition.ReadModule(path, new() { ReadSymbols = true, AssemblyResolver = new Neighbours() });
        files = FilesOfTypes(Path.ChangeExtension(path, "pdb"));
    }

    public void Dispose() => module.Dispose();

    /// <summary>The types that somebody wrote, nested ones included; none that a compiler or a source generator made.</summary>
    public IEnumerable<TypeDefinition> Types => module.GetAllTypes().Where(type => !IsMade(type) && FilesOf(type).Count > 0);

    /// <summary>The files that a type was written in, relative to the project.</summary>
    public IReadOnlyList<string> FilesOf(TypeDefinition type) => files.GetValueOrDefault(type.FullName, []);

    /// <summary>Every use of a type of this project, in signatures, attributes and bodies, by the code of another or the same.</summary>
    public IEnumerable<UseOfType> Uses => module.GetAllTypes().SelectMany(UsesBy).Distinct();

    private IEnumerable<UseOfType> UsesBy(TypeDefinition type)
    {
        var home = FilesOf(Outermost(type)) is [var first, ..] ? FilesOf(type).FirstOrDefault(first) : null;
        if (home is null) return []; // made by a source generator
        var declared = new ReferencedTypes();
        declared.OfDeclaration(type);
        var uses = Resolved(home, declared).ToList();
        foreach (var method in type.Methods)
        {
            if (FileOf(method) is { } written && !IsSource(written)) continue;
            var referenced = new ReferencedTypes();
            referenced.OfMethod(method);
            uses.AddRange(Resolved(FileOf(method) is { } file ? file : home, referenced));
        }
        return uses;
    }

    private IEnumerable<UseOfType> Resolved(string file, ReferencedTypes referenced) =>
        from reference in referenced.Found
        where reference.Scope == module
        let taken = Outermost(reference.Resolve())
        where FilesOf(taken).Count > 0
        select new UseOfType(file, taken);

    private string? FileOf(MethodDefinition method) => method.DebugInformation is { HasSequencePoints: true } debug
        ? InProject(debug.SequencePoints[0].Document.Url) : null;

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool IsMade(TypeDefinition type) => type.FullName.Contains('<', StringComparison.Ordinal)
        || type.DeclaringType is { } outer && IsMade(outer)
        || type.CustomAttributes.Any(a => a.AttributeType.Name is "CompilerGeneratedAttribute");

    private static bool IsSource(string file) => !Path.IsPathRooted(file);

    private string InProject(string document)
    {
        var path = document.Replace('\\', '/');
        var (start, name) = (path.LastIndexOf($"/src/{project}/", StringComparison.Ordinal), $"/src/{project}/");
        return start < 0 || path.Contains("/obj/", StringComparison.Ordinal) ? "/made" : path[(start + name.Length)..];
    }

    private Dictionary<string, string[]> FilesOfTypes(string symbols)
    {
        var named = TypeDocuments.Read(symbols);
        IEnumerable<string> SourcesOf(TypeDefinition type)
        {
            var ofSymbols = named[(int)type.MetadataToken.RID].Select(InProject);
            return ofSymbols.Concat(type.Methods.Select(FileOf).OfType<string>()).Where(IsSource).Distinct();
        }
        return module.GetAllTypes().ToDictionary(type => type.FullName, type => (string[])[.. SourcesOf(type)]);
    }

    private sealed class Neighbours : DefaultAssemblyResolver
    {
        public Neighbours() => AddSearchDirectory(AppContext.BaseDirectory);
    }
}
