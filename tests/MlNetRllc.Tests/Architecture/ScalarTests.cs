using Mono.Cecil;
using TorchSharp;

namespace MlNetRllc.Tests.Architecture;

/// <summary>What libtorch reads stays alive while it reads it (<c>Core/Native/Scalars.cs</c>): nothing of ours makes a scalar
/// for the moment.</summary>
public sealed class ScalarTests
{
    private static readonly string[] Conversions = ["Scalar::op_Implicit", "ScalarExtensionMethods::ToScalar"];

    /// <summary>The conversions to a scalar, and all that TorchSharp does by one: operators and methods that make the factor 1,
    /// say, inside.</summary>
    private static readonly Lazy<HashSet<string>> ForTheMoment = new(() =>
    {
        using var torchSharp = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        var calls = MethodsOf(torchSharp).Select(m => (m.FullName, Called: Calls(m).Select(c => c.FullName).ToList())).ToList();
        var conversions = Calls(torchSharp).Where(c => Conversions.Contains($"{c.DeclaringType.Name}::{c.Name}"));
        var found = conversions.Select(c => c.FullName).ToHashSet(StringComparer.Ordinal);
        for (var known = 0; known < found.Count;)
        {
            known = found.Count;
            found.UnionWith(calls.Where(m => m.Called.Any(found.Contains)).Select(m => m.FullName).ToList());
        }
        return found;
    });

    [Theory, InlineData("MlNetRllc.Core"), InlineData("MlNetRllc"), InlineData("rllc")]
    public void Assembly_MakesNoScalarForTheMoment(string name)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        var places = from method in MethodsOf(assembly)
                     where !method.DeclaringType.FullName.StartsWith("MlNetRllc.Core.Native.Scalars", StringComparison.Ordinal)
                     from call in Calls(method)
                     where ForTheMoment.Value.Contains(call.FullName)
                     select $"{method.DeclaringType.FullName}.{method.Name} calls {call.FullName}";
        var found = string.Join('\n', places.Distinct().Order());
        Assert.True(found.Length == 0, found);
    }

    [Fact]
    public void SumOfTensors_IsKnownToMakeOne() =>
        Assert.Contains(ForTheMoment.Value, name => name.Contains("Tensor::op_Addition", StringComparison.Ordinal));

    private static IEnumerable<MethodDefinition> MethodsOf(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody);

    private static IEnumerable<MethodReference> Calls(AssemblyDefinition assembly) => MethodsOf(assembly).SelectMany(Calls);

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>();
}
