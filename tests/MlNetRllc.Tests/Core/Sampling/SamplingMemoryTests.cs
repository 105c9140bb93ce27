using System.Collections;
using System.Reflection;
using MlNetRllc.Core.Engines.Autograd;
using MlNetRllc.Core.Engines.LockStep;
using MlNetRllc.Core.Kernels;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Randomness;
using MlNetRllc.Core.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetRllc.Tests.Core.Sampling;

/// <summary>Ten thousand steps hold no more memory than ten.</summary>
public sealed class SamplingMemoryTests
{
    private const int Many = 10_000;

    [Fact]
    public void AutogradEngine_LeavesNoTensor()
    {
        using var model = nn.Linear(2, 1);
        using var x = from_array(new float[,] { { 1, 2 }, { -1, 1 }, { 0, 3 } });
        var parameters = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        ParameterSlice[] all = [new("weight", 0, 2), new("bias", 0, 1)];
        using var engine = new AutogradEngine<float>(parameters, [all], 3, _ => LossOf(model.forward(x)));
        Walk(10);
        Assert.Equal(Walk(10), Walk(Many));

        static Tensor LossOf(Tensor output) => (output * output).mean();

        // Tensors made on this thread that are still alive, inside scopes or out of them.
        long Walk(int draws)
        {
            var options = new SgldOptions { Chains = 1, Draws = draws, BurnIn = 0, BatchSize = 1 };
            new LockStepRun<float>(engine, [new("line")], new(NamedRandom.Stream(1), 3, 1), options).Run();
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    }

    [Fact]
    public void LockStepEngine_HoldsTheSameNativeMemory()
    {
        var config = new TransformerConfig { VocabularySize = 12, ContextLength = 5, Layers = 2, Heads = 2, ModelWidth = 8, HeadWidth = 4 };
        string[] names = ["l0h0", "l1h1", "full"];
        Component[] components = [.. names.Select(n => Component.Parse(n, config))];
        var (weights, contexts) = (TinyModels.Weights(config, 1), TinyModels.Contexts(config, 4, 1));
        using var engine = new LockStepEngine(config, weights, components, contexts, threads: 1);
        var few = BytesAfter(10);
        Assert.True(few > 0);
        Assert.Equal(few, BytesAfter(Many));

        long BytesAfter(int draws)
        {
            var options = new SgldOptions { Chains = 1, Draws = draws, BurnIn = 0, BatchSize = 1 };
            SampledComponent[] sampled = [.. names.Select(n => new SampledComponent(n))];
            new LockStepRun<float>(engine, sampled, new(NamedRandom.Stream(1), 4, 1), options).Run();
            return ArenasOf(engine).Sum(a => a.Bytes);
        }
    }

    /// <summary>Every arena that can be reached from an engine.</summary>
    private static List<NativeArena> ArenasOf(object root)
    {
        const BindingFlags own =
            BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        var (found, open) = (new List<NativeArena>(), new Stack<object>([root]));
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (open.TryPop(out var next))
        {
            var space = next.GetType().Namespace ?? "";
            var threading = space.StartsWith("System.Threading", StringComparison.Ordinal);
            if (!seen.Add(next) || next is string || next.GetType().IsPrimitive || threading) continue;
            if (next is NativeArena arena) found.Add(arena);
            else if (next is IEnumerable items && space.StartsWith("System", StringComparison.Ordinal))
                Push(items.Cast<object?>());
            else Push(from type in Bases(next.GetType())
                      from field in type.GetFields(own)
                      where !field.FieldType.IsPointer && !field.FieldType.IsPrimitive && !field.FieldType.IsByRefLike
                      select field.GetValue(next));
        }
        return found;

        void Push(IEnumerable<object?> values)
        {
            foreach (var value in values)
                if (value is not null and not Delegate and not Type and not Pointer) open.Push(value);
        }

        static IEnumerable<Type> Bases(Type? type)
        {
            for (; type is not null && type != typeof(object); type = type.BaseType) yield return type;
        }
    }
}
