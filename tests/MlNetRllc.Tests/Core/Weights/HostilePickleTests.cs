using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>Archives made by hand to mislead: each is refused for its own reason, in little
/// memory.</summary>
public sealed class HostilePickleTests
{
    private const string Storage = "(X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\n"
        + "X\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0004tQ";

    /// <summary>The call that rebuilds a tensor; offset, size and stride are pickle code.</summary>
    private static string Tensor(string offset, string size, string stride) =>
        $"ctorch._utils\n_rebuild_tensor_v2\n({Storage}{offset}{size}{stride}\u0089ccollections\nOrderedDict\n)RtR";

    private static string Ones(int count) => string.Concat(Enumerable.Repeat("K\u0001", count));

    private static string Dict(string value) => $"\u0080\u0002}}X\u0001\u0000\u0000\u0000w{value}s.";

    [Fact]
    public void PlainTensor_IsRead() =>
        Assert.Equal(
            [1, 2, 3, 4],
            Read(Dict(Tensor("K\u0000", "K\u0002K\u0002\u0086", "K\u0002K\u0001\u0086")))["w"].Values);

    public static TheoryData<string, string> Pickles => new()
    {
        { Dict(Tensor("K\u0001", "K\u0002K\u0002\u0086", "K\u0002K\u0001\u0086")), "reaches value 4 of storage 0; that has 4" },
        { Dict(Tensor("J\u00ff\u00ff\u00ff\u00ff", "K\u0001\u0085", "K\u0001\u0085")), "offset -1" },
        {
            Dict(Tensor("K\u0000", "K\u0002\u0085", "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085")),
            "9223372036854775807"
        },
        { Dict(Tensor("K\u0000", "K\u0002K\u0002\u0086", "K\u0001\u0085")), "2 axes and 1 strides" },
        { Dict(Tensor("K\u0000", "J\u00ff\u00ff\u00ff\u00ff\u0085", "K\u0001\u0085")), "size -1" },
        { Dict(Tensor("K\u0000", "K\u0005\u0085", "K\u0000\u0085")), ".contiguous()" },
        {
            Dict(Tensor("K\u0000", "J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f\u0086", "K\u0000K\u0000\u0086")),
            "more values than an array can hold"
        },
        { Dict(Tensor("K\u0000", $"({Ones(65)}t", $"({Ones(65)}t")), "65 axes" },
        { Dict("ctorch._utils\n_rebuild_parameter\n(K\u0001K\u0001K\u0001tR"), "not those of a plain tensor" },
        { Dict("ccollections\nOrderedDict\nK\u0001\u0085R"), "with 1 arguments" },
        { Dict("cos\nsystem\n"), "near 'system'" },
        { "\u0080\u0004}\u008c\u0002os\u008c\u0006system\u0093s.", "os.system" },
        { "\u0080\u0002}X\u00ff\u00ff\u00ff\u00ffw", "ends early" },
        { "\u0080\u0002}q\u0000X\u0001\u0000\u0000\u0000wh\u0000s.", "nested deeper" },
        { "\u0080\u0002" + Laughs(), "more than 100000 values" },
        { "\u0080\u0002}}K\u0001s.", "key of type PickleDict" },
        { "\u0080\u0002]q\u0000h\u0000a.", "a list, not a state dict" },
        { "\u0080\u0002K\u0001(.", "incomplete" },
        { "\u0080\u0002i", "opcode 0x69" },
        { "\u0080\u0009", "protocol 9" },
        { "\u0080\u0002\u008a\u00ff" + new string('\u0000', 255) + ".", "255 bytes" },
        { "\u0080\u0002}.", "no tensor" },
        { Dict("ccollections\nCounter\nK\u0001\u0085R"), "calls collections.Counter with 1 arguments" },
        { Dict("ccollections\ndefaultdict\nK\u0001\u0085R"), "calls collections.defaultdict with 1 arguments" },
        { Dict("c__builtin__\nlist\n]\u0085R"), "calls __builtin__.list with 1 arguments" },
        { Dict("ctorch\nfloat32\nK\u0001\u0085R"), "calls torch.float32 with 1 arguments" },
        { Dict("ctorch\nFloatTensor\nK\u0001\u0085R"), "calls torch.FloatTensor with 1 arguments" },
        { Dict("c__builtin__\neval\n"), "__builtin__.eval" },
        { Dict("cbuiltins\ngetattr\n"), "builtins.getattr" },
        { Dict("ctorch\nload\n"), "torch.load" },
        { Dict("ctorch._utils\n_import_dotted_name\n"), "torch._utils._import_dotted_name" },
        { Dict("ctorch\nfloat32.__class__\n"), "torch.float32.__class__" },
        {
            Dict("c_codecs\nencode\nX\u0001\u0000\u0000\u0000aX\u0003\u0000\u0000\u0000hex\u0086R"),
            "calls _codecs.encode with 2 arguments"
        },
        { Dict($"cnumpy\ndtype\nX\u0002\u0000\u0000\u0000f8\u0089\u0088\u0087R"), "no tensor" },
        {
            Dict("cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n"
                + "X\u0002\u0000\u0000\u0000f8\u0089\u0088\u0087RC\u0004abcd\u0086R"),
            "type f8 with 4 bytes"
        },
        {
            Dict("ctorch._tensor\n_rebuild_from_type_v2\n"
                + "(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\n)}}tR"),
            "calls torch._tensor._rebuild_from_type_v2"
        },
        { Dict("ctorch\nSize\n)\u0085R}b"), "sets attributes of something that is not an OrderedDict" },
        { "\u0080\u0004\u008f(K\u0001\u0090.", "a set, not a state dict" },
        { "\u0080\u0004](K\u0001\u0090.", "not a set" },
        { "\u0080\u0004\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "ends early" },
        { "\u0080\u0004B\u00ff\u00ff\u00ff\u007f", "ends early" },
        { "\u0080\u0002}X\u0005\u0000\u0000\u0000model}X\u0001\u0000\u0000\u0000w]q\u0000h\u0000ass.", "w is a list, not a tensor" },
    };

    [Theory]
    [MemberData(nameof(Pickles), DisableDiscoveryEnumeration = true)]
    public void MisleadingPickle_IsRefusedForItsReason(string pickle, string reason)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(pickle)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void StorageThatDisagreesWithItsEntry_IsRefused() =>
        Assert.Contains("the tensor w lies in storage 0 with 4 values of F32; its entry has 12 bytes",
            Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(Archive(Plain, new byte[12]), "it")).Message);

    [Fact]
    public void CompressedArchive_IsRefused()
    {
        var archive = Archive(Plain, new byte[16], CompressionLevel.Optimal);
        var error = Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(archive, "it"));
        Assert.Contains("is compressed", error.Message);
    }

    [Fact]
    public void DirectoryThatClaimsMoreBytesThanTheFile_IsRefusedWithoutAllocating()
    {
        var bytes = Archive(Plain, new byte[16]).ToArray();
        // In the directory: signature, 16 bytes, then CRC, compressed and plain size; the first
        // entry is data.pkl.
        var entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 20), 0x7fff0000);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 24), 0x7fff0000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(new MemoryStream(bytes), "it"));
        Assert.Contains("the whole file has", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static string Plain => Dict(Tensor("K\u0000", "K\u0004\u0085", "K\u0001\u0085"));

    /// <summary>Dicts within dicts, each holding the one before under ten keys: 10^14 names in a
    /// few hundred bytes.</summary>
    private static string Laughs()
    {
        var inner = "}q\u0000";
        for (var level = 1; level < 15; level++)
            {
                var below = Enumerable.Range(1, 9).Select(key => $"K{(char)key}h{(char)(level - 1)}s");
                inner = $"}}K\u0000{inner}s" + string.Concat(below) + $"q{(char)level}";
            }
        return inner + ".";
    }

    private static MlNetRllc.Core.Model.WeightSet Read(string pickle)
    {
        var values = new byte[16];
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4 * i), i + 1);
        return PyTorchFile.Read(Archive(pickle, values), "it").Weights;
    }

    private static MemoryStream Archive(
        string pickle, byte[] storage, CompressionLevel level = CompressionLevel.NoCompression)
    {
        var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in new[] { ("a/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("a/data/0", storage) })
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        return result;
    }
}
