using System.Buffers.Binary;
using System.IO.Compression;
using CsCheck;
using MlNetRllc.Core.Model;
using MlNetRllc.Core.Weights;
using MlNetRllc.Core.Weights.PyTorch;

namespace MlNetRllc.Tests.Core.Weights;

/// <summary>Damaged and hostile files: read as whole, finite data or refused with
/// <see cref="InvalidDataException"/>; nothing else, and no absurd memory.</summary>
public sealed class MutatedFileTests : IDisposable
{
    private const int LargestAllocation = 8 << 20;

    private static readonly byte[][] Safe = [SafetensorsBytes(), .. new[] { 300, 9 }.Select(Offset)];
    private static readonly byte[][] Torch =
        [.. Directory.GetFiles(PyTorchFileTests.At(""), "*.pt").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    private static readonly byte[][] Pickles = [.. Torch.Select(PickleOf).OfType<byte[]>()];

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void SafetensorsStreams_AreReadOrRefused() =>
        Mutated(Safe).ForAll(bytes =>
        {
            Survives(() => Safetensors.Read(new MemoryStream(bytes)).Weights);
            Survives(() => Safetensors.Read(new ForwardStream(bytes)).Weights);
        }, cases: 4000);

    [Fact]
    public void SafetensorsFiles_AreReadOrRefused() =>
        Mutated(Safe).ForAll(bytes =>
        {
            File.WriteAllBytes(path, bytes);
            Survives(() => Safetensors.Read(path).Weights);
            Survives(() => Checkpoint.Load(path).Weights);
        }, cases: 2000, threads: 1);

    [Fact]
    public void PyTorchArchives_AreReadOrRefused() =>
        Mutated(Torch).ForAll(bytes => Survives(() => PyTorchFile.Read(new MemoryStream(bytes), "it").Weights), cases: 6000);

    /// <summary>Damage inside the pickle of an otherwise sound archive, which damage to the whole
    /// file seldom hits.</summary>
    [Fact]
    public void PyTorchPickles_AreReadOrRefused() =>
        Gen.Select(Gen.Int[0, Torch.Length - 1], Mutated(Pickles)).ForAll((of, pickle) =>
            Survives(() => PyTorchFile.Read(new MemoryStream(WithPickle(Torch[of], pickle)), "it").Weights), cases: 4000);

    [Fact]
    public void PyTorchFiles_AreReadOrRefusedAsModels() =>
        Mutated(Torch).ForAll(bytes =>
        {
            File.WriteAllBytes(path, bytes);
            Survives(() => Checkpoint.Load(path).Weights);
        }, cases: 1000, threads: 1);

    [Fact]
    public void SafetensorsCutAtAnyByte_AreRefused()
    {
        foreach (var bytes in Safe)
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes[..length])));
    }

    [Fact]
    public void PyTorchCutAtAnyByte_IsRefused()
    {
        var bytes = File.ReadAllBytes(PyTorchFileTests.At("strided.pt"));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => PyTorchFile.Read(new MemoryStream(bytes[..length]), "it"));
    }

    private static void Survives(Func<WeightSet> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            foreach (var weight in read())
            {
                Assert.Equal(weight.Shape.Aggregate(1L, (n, d) => n * d), weight.Values.Length);
                Assert.All(weight.Values, v => Assert.True(float.IsFinite(v)));
            }
        }
        catch (InvalidDataException e) { Assert.NotEmpty(e.Message); }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LargestAllocation);
    }

    private static Gen<byte[]> Mutated(byte[][] originals)
    {
        byte[] numbers = [0, 1, 0x7f, 0x80, 0xff];
        var interesting = Gen.OneOf<byte>([.. numbers, .. "9-\"[}.(Rb"u8]);
        var value = Gen.OneOf<byte>(Gen.Byte, interesting);
        var change = Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], value.Array[1, 12]);
        return Gen.Select(Gen.Int[0, originals.Length - 1], change.Array[1, 4]).Select((original, changes) =>
            changes.Aggregate(originals[original], (bytes, c) => Apply(bytes, c.Item1, c.Item2, c.Item3, c.Item4)));
    }

    private static byte[] Apply(byte[] bytes, int kind, double first, double second, byte[] values)
    {
        if (bytes.Length == 0) return values;
        var (at, other) = ((int)(first * (bytes.Length - 1)), (int)(second * (bytes.Length - 1)));
        var (start, end) = (Math.Min(at, other), Math.Max(at, other));
        return kind switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ 1 << values[0] % 8), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], values[0], .. bytes[(at + 1)..]],
            2 => bytes[..at],
            3 => [.. bytes[..at], .. values, .. bytes[at..]],
            4 => [.. bytes[..start], .. bytes[end..]],
            _ => [.. bytes[..end], .. bytes[start..Math.Min(end, start + 64)], .. bytes[end..]],
        };
    }

    private static byte[] SafetensorsBytes()
    {
        var stream = new MemoryStream();
        var metadata = new Dictionary<string, string> { ["step"] = "1" };
        Checkpoint.Save(stream, CheckpointTests.Tiny, CheckpointTests.Filled(CheckpointTests.Tiny), metadata);
        return stream.ToArray();
    }

    /// <summary>A small file, so that damage often meets the header.</summary>
    private static byte[] Offset(int step)
    {
        var stream = new MemoryStream();
        Safetensors.Write(stream, WeightGen.Example, new Dictionary<string, string> { ["step"] = $"{step}" });
        return stream.ToArray();
    }

    private static byte[]? PickleOf(byte[] archive)
    {
        if (BinaryPrimitives.ReadUInt16BigEndian(archive) != 0x504b) return null;
        using var zip = new ZipArchive(new MemoryStream(archive));
        using var stream = zip.Entries.First(e => e.Name == "data.pkl").Open();
        var pickle = new MemoryStream();
        stream.CopyTo(pickle);
        return pickle.ToArray();
    }

    private static byte[] WithPickle(byte[] archive, byte[] pickle)
    {
        if (PickleOf(archive) is null) return archive;
        var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(archive)))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var entry in from.Entries)
            {
                using var target = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                using var source = entry.Open();
                if (entry.Name == "data.pkl") target.Write(pickle);
                else source.CopyTo(target);
            }
        return result.ToArray();
    }
}
