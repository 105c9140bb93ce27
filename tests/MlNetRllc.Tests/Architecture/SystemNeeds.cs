using System.Text.RegularExpressions;

namespace MlNetRllc.Tests.Architecture;

/// <summary>What of the tests' source a system must have: found in a test itself or in what it uses, whichever file that is in.</summary>
internal sealed partial class SystemNeeds(IEnumerable<string> files)
{
    private const string Unix = "Unix", Linux = "Linux";

    /// <summary>Programs that are started, by where they are.</summary>
    private static readonly string[] Everywhere = ["dotnet"], OnUnix = ["bash", "/bin/kill", "mkfifo", "node"],
        OnLinux = ["unshare", "nsenter"];

    private readonly List<SourceMember> members = [.. files.SelectMany(SourceMembers.In)];

    /// <summary>Programs that the source starts and of which nobody said which system has them, or which it does not name.</summary>
    public IEnumerable<string> UnknownPrograms() => members.SelectMany(m => Started().Matches(m.Text))
        .Select(m => m.Groups["program"].Value).Distinct()
        .Where(program => !Everywhere.Concat(OnUnix).Concat(OnLinux).Contains(program))
        .Concat(members.Where(m => m.Name is not ("StartProgram" or "RunIn") && Unnamed().IsMatch(m.Text))
            .Select(m => $"{m.Type}.{m.Name}"));

    /// <summary>Tests that need a system and do not bear its trait.</summary>
    public IEnumerable<string> Unsaid() => Unsaid(OfLinux(), OnLinux, [Linux]).Concat(Unsaid(OfUnix(), OnUnix, [Unix, Linux])).Distinct();

    private IEnumerable<string> Unsaid(Regex need, string[] programs, string[] traits)
    {
        var needing = members.Where(m => need.IsMatch(Code(m)) || programs.Any(p => Code(m).Contains($"\"{p}\""))).ToHashSet();
        for (var found = needing.ToList(); found.Count > 0;)
        {
            var uses = found.Select(UseOf).ToList();
            found = [.. members.Where(m => !needing.Contains(m) && uses.Exists(use => use(m)))];
            needing.UnionWith(found);
        }
        return needing.Where(m => m.IsTest && !traits.Any(t => Bears(m, t))).Select(m => $"{m.Type}.{m.Name}: {traits[0]}");
    }

    // An instance may use whatever its type has; what is static is used by name.
    private static Func<SourceMember, bool> UseOf(SourceMember used)
    {
        if (used.IsTest || used.Name == "") return _ => false;
        var inside = new Regex($@"(?<![\w.]){used.Name}\b");
        var instance = $@"\bnew {used.Type}\b|\b{used.Type} \w+[,)]|<{used.Type}>";
        var outside = new Regex(used.IsStatic ? $@"\b{used.Type}\.{used.Name}\b" : instance);
        return m => (m.Type == used.Type ? inside : outside).IsMatch(m.Head + m.Text);
    }

    private static bool Bears(SourceMember test, string system) =>
        (test.Head + test.Text).Contains($"Trait(\"System\", \"{system}\")", StringComparison.Ordinal);

    // A name among a test's values opens nothing.
    private static string Code(SourceMember member) =>
        Regex.Replace(member.Text, @"^ *\[InlineData.*$", "", RegexOptions.Multiline);

    /// <summary>Devices, links (a right on Windows), sockets that are files, the C library, names of files that Windows refuses.</summary>
    [GeneratedRegex("""
        ["]/bin/|/dev/|CreateSymbolicLink|UnixDomainSocket|SetUnixFileMode|Import\("libc"|\bPut\w*\(("[^"]*",\ )*"[^"]*[?*]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OfUnix();

    /// <summary>What the kernel tells as files, libraries in ELF, and tests that would look away elsewhere.</summary>
    [GeneratedRegex(@"/proc/|\.so\b|!OperatingSystem\.IsLinux")]
    private static partial Regex OfLinux();

    [GeneratedRegex("""\b(Process\.Start|new ProcessStartInfo)\((?!"|start\))""")]
    private static partial Regex Unnamed();

    [GeneratedRegex("""\b(Process\.Start|ProcessStartInfo|StartProgram|RunIn)\((\w+, )?"(?<program>[^"]*)["]""")]
    private static partial Regex Started();
}
