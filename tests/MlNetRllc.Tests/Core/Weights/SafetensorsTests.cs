using System.Buffers.Binary;
using System.Text;
using CsCheck;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;

namespace MlNetRllc.Tests.Core.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rllc-safetensors-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void RandomWeights_ComeBackBitForBitInTheSameOrder() =>
        WeightGen.Sets.ForAll(set =>
        {
            var stream = new MemoryStream();
            Safetensors.Write(stream, set.Weights, set.Metadata);
            var bytes = stream.ToArray();
            stream.Position = 0;
            var (weights, metadata) = Safetensors.Read(stream);
            WeightGen.AssertSame(set.Weights, weights);
            Assert.Equal(set.Metadata.OrderBy(m => m.Key), metadata.OrderBy(m => m.Key));
            var again = new MemoryStream();
            Safetensors.Write(again, weights, metadata);
            Assert.Equal(bytes, again.ToArray());
        }, cases: 300);

    [Fact]
    public void File_IsReadTensorByTensorAsFromAStream()
    {
        var path = Path.Combine(folder, "a.safetensors");
        Safetensors.Write(path, WeightGen.Example, new Dictionary<string, string> { ["step"] = "7" });
        var (weights, metadata) = Safetensors.Read(path);
        WeightGen.AssertSame(WeightGen.Example, weights);
        Assert.Equal("7", metadata["step"]);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(WeightGen.Example.Last().Values, file.Read(WeightGen.Example.Last().Name).Values);
    }

    [Fact]
    public void HeaderOfWrittenFile_IsAlignedAndEndsInSpacesOnly()
    {
        var bytes = Bytes(WeightGen.Example);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 8);
        Assert.EndsWith("}", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
    }

    [Fact]
    public void StreamThatCannotSeek_IsReadAndLeftAfterTheLastTensor()
    {
        var bytes = Bytes(WeightGen.Example);
        using var stream = new ForwardStream([.. bytes, 42]);
        WeightGen.AssertSame(WeightGen.Example, Safetensors.Read(stream).Weights);
        Assert.Equal(42, stream.ReadByte());
    }

    [Fact]
    public void OtherFloatTypes_AreConverted()
    {
        double[] values = [1.5, -2, 0.099999994, 65504];
        (string Type, byte[] Data, float[] Expected)[] cases =
        [
            ("F64", [.. values.SelectMany(BitConverter.GetBytes)], [.. values.Select(v => (float)v)]),
            ("F16", [.. values.SelectMany(v => BitConverter.GetBytes((Half)v))], [.. values.Select(v => (float)(Half)v)]),
            ("BF16", [.. values.SelectMany(v => BitConverter.GetBytes((float)v)[2..])],
                [.. values.Select(v => UpperHalf((float)v))]),
        ];
        foreach (var (type, data, expected) in cases)
            {
                var header = $$$"""{"a":{"dtype":"{{{type}}}","shape":[2,2],"data_offsets":[0,{{{data.Length}}}]}}""";
                Assert.Equal(expected, Safetensors.Read(File(header, data)).Weights["a"].Values);
            }
    }

    [Theory]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""",
        12,
        "the tensor a has shape [2] in F32, which is 8 bytes; its offsets span 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "4 bytes after the last tensor")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        7,
        "the tensor a ends at byte 8 of the data, of which the file holds 7")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "the tensor b starts at byte 4 of the data; the tensor before it ends at 8, so they overlap")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "the tensor a starts at byte 4 of the data; bytes 0 to 4 belong to no tensor")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "the tensor a appears twice")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""",
        0,
        "the tensor a has shape [65536, 65536, 65536, 65536], more values than an array can hold")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "the tensor a has the axis -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 8, "the tensor a ends (byte 4) before it begins")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8, "the tensor a is of type I64")]
    [InlineData("""{"a":{"dtype":"X","shape":[1],"data_offsets":[0,8]}}""", 8, "the tensor a has the unknown dtype 'X'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}""", 4, "the tensor a has the unknown field 'code'")]
    [InlineData("""{"__metadata__":{"step":1}}""", 0, "__metadata__.step is Number")]
    [InlineData("[]", 0, "the header is Array, not an object")]
    [InlineData("{\"\\ud800\":1}", 0, "the header is not valid JSON")]
    public void LyingHeader_IsRefusedWithNameAndReason(string header, int dataLength, string reason)
    {
        var path = Path.Combine(folder, "bad.safetensors");
        System.IO.File.WriteAllBytes(path, File(header, new byte[dataLength]).ToArray());
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(path));
        Assert.Contains(reason, error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void AbsurdHeaderLength_IsRefusedWithoutAllocating()
    {
        foreach (var length in (ulong[])[ulong.MaxValue, long.MaxValue, 100_000_001, 50_000_000])
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(
                "header",
                Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes))).Message);
            Assert.Throws<InvalidDataException>(() => Safetensors.Read(new ForwardStream(bytes)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    [Fact]
    public void LargeTensor_IsReadStraightIntoItsArray()
    {
        var path = Path.Combine(folder, "large.safetensors");
        Safetensors.Write(path, new([new("w", [1 << 20], new float[1 << 20])]));
        Safetensors.Read(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Safetensors.Read(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4 << 20, (4 << 20) + (1 << 17));
    }

    [Fact]
    public void NaN_IsRefusedWithNameAndIndex()
    {
        var data = new byte[12];
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(8), float.NaN);
        var file = File("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", data);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(file));
        Assert.Contains("the tensor w holds NaN (as float32) at index 2", error.Message);
    }

    [Fact]
    public void RefusedWrite_LeavesTheOldFileAndNothingElse()
    {
        var path = Path.Combine(folder, "a.safetensors");
        Safetensors.Write(path, WeightGen.Example);
        var before = System.IO.File.ReadAllBytes(path);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, new([new("w", [1], [float.PositiveInfinity])])));
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => { stream.WriteByte(1); throw new IOException("disk full"); }));
        Assert.Equal(before, System.IO.File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    private static byte[] Bytes(WeightSet weights)
    {
        var stream = new MemoryStream();
        Safetensors.Write(stream, weights);
        return stream.ToArray();
    }

    private static MemoryStream File(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return new([.. length, .. json, .. data]);
    }

    [Fact]
    public void FileThatIsCutWhileItIsOpen_IsRefused_AndDoesNotEndTheProcess()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");
        try
        {
            Safetensors.Write(path, new WeightSet([new Weight("w", [1 << 16], new float[1 << 16])]));
            using var file = SafetensorsFile.Open(path);
            using (var other = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) other.SetLength(1 << 12);
            Assert.Contains(
                "cut short",
                Assert.Throws<InvalidDataException>(() => file.Read("w")).Message,
                StringComparison.Ordinal);
        }
        finally { System.IO.File.Delete(path); }
    }

    private static float UpperHalf(float value) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) & unchecked((int)0xffff0000));
}
