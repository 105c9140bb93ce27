using MlNetRllc.Core.Estimation;
using MlNetRllc.Sampling;

namespace MlNetRllc.Tests.Sampling;

public sealed class RowStoreTests : IDisposable
{
    private const int Rows = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("mlnetrllc-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Group_IsOneFile_AndAnotherStoreFindsEachRow_InAnyOrder()
    {
        for (var group = 0; group < 3; group++) Put(new(folder), group, 0, Rows);
        Assert.Equal(3, RowFiles.In(folder).Count);
        var other = new RowStore(folder);
        for (var row = Rows - 1; row >= 0; row--)
        {
            for (var group = 0; group < 3; group++) AssertSame(Trace(group, row), Find(other, group, row));
        }
        Assert.Null(Find(other, 0, Rows));
        Assert.Null(Find(other, 3, 0));
    }

    [Fact]
    public void KeyAlone_FindsARowOfAGroup()
    {
        Put(new(folder), 1, 0, Rows);
        AssertSame(Trace(1, 7), new RowStore(folder).Find(KeyOf(1, 7).Row));
        Assert.Null(new RowStore(folder).Find(KeyOf(2, 7).Row));
    }

    [Fact]
    public void RowOfItsOwnFile_IsFoundByItsKey_WithItsGroupAndWithout()
    {
        new RowStore(folder).Put(KeyOf(0, 0).Row, Trace(0, 0));
        Assert.Equal([$"{KeyOf(0, 0).Row}.json"], Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        AssertSame(Trace(0, 0), new RowStore(folder).Find(KeyOf(0, 0).Row));
        AssertSame(Trace(0, 0), Find(new(folder), 0, 0));
    }

    [Fact]
    public void StoresThatPutIntoOneGroupAtOnce_LoseNoRow()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new RowStore(folder)).ToList();
        Parallel.For(0, stores.Count, new() { MaxDegreeOfParallelism = stores.Count }, s =>
        {
            for (var row = s; row < 20 * stores.Count; row += stores.Count) Put(stores[s], 0, row, row + 1);
        });
        var wanted = Enumerable.Range(0, 20 * stores.Count).Select(row => KeyOf(0, row)).ToList();
        // Each knows what the others put, and so does one that comes later.
        foreach (var store in stores.Append(new(folder)))
        {
            Assert.Equal(wanted.Count, store.Held(wanted).Count);
            AssertSame(Trace(0, 33), Find(store, 0, 33));
        }
        Assert.Equal(wanted.Count, RowFiles.Count(folder));
    }

    [Fact]
    public void StoreThatTakesNothing_ReplacesWhatIsThere_InWhicheverFile()
    {
        Put(new(folder), 0, 0, 6);
        new RowStore(folder).Put(KeyOf(0, 8).Row, Trace(0, 8));
        var anew = new RowStore(folder, anew: true);
        Assert.Null(Find(anew, 0, 2));
        Assert.Null(anew.Find(KeyOf(0, 2).Row));
        static KeyValuePair<string, LossTrace> Changed(int row) =>
            KeyValuePair.Create(KeyOf(0, row).Row, Trace(0, row) with { NBeta = 5 });
        anew.Put(KeyOf(0, 0).Group, [.. Enumerable.Range(2, 8).Select(Changed)]);
        Assert.Equal(5, Find(anew, 0, 2)?.NBeta);
        Assert.Null(Find(anew, 0, 1));
        Assert.Equal([1, 1, 5, 5, 5, 5, 5, 5, 5, 5], Enumerable.Range(0, 10).Select(r => Find(new(folder), 0, r)?.NBeta ?? 0));
        Assert.Equal(10, RowFiles.Count(folder));
    }

    [Fact]
    public void ForgottenRows_AreGone_AndTheOthersStay()
    {
        var store = new RowStore(folder);
        Put(store, 0, 0, Rows);
        Put(store, 1, 0, Rows);
        store.Forget([.. Enumerable.Range(0, Rows).Select(r => KeyOf(0, r)), KeyOf(1, 4)]);
        Assert.Null(Find(store, 0, 3));
        Assert.Null(Find(store, 1, 4));
        AssertSame(Trace(1, 5), Find(store, 1, 5));
        Assert.Equal(Rows - 1, RowFiles.Count(folder));
    }

    [Fact]
    public void GroupThatAnotherProcessWroteAnew_IsReadAsItIsNow()
    {
        // No memory: each row is read from its file.
        var store = new RowStore(folder, anew: false, recentBytes: 0);
        Put(store, 0, 0, 2);
        Assert.Equal(1, Find(store, 0, 1)?.NBeta);
        new RowStore(folder, anew: true).Put(KeyOf(0, 0).Group,
            [.. Enumerable.Range(0, 2).Select(r => KeyValuePair.Create(KeyOf(0, r).Row, Trace(0, r) with { NBeta = 0.25 }))]);
        Assert.Equal(0.25, Find(store, 0, 1)?.NBeta);
        Assert.Empty(Directory.GetFiles(folder, "*.damaged", SearchOption.AllDirectories));
    }

    [Fact]
    public void DamagedGroup_IsNamedAndPutAside_WhicheverByteChanged()
    {
        Put(new(folder), 0, 0, 3);
        var file = Assert.Single(RowFiles.In(folder));
        var whole = File.ReadAllBytes(file);
        // The ends of lines say nothing.
        foreach (var at in Enumerable.Range(0, whole.Length).Where(i => whole[i] != '\n' && i % 7 == 0))
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 1;
            File.WriteAllBytes(file, flipped);
            var told = new List<string>();
            var store = new RowStore(folder);
            var found = Enumerable.Range(0, 3).Select(r => store.Find(KeyOf(0, r), told.Add)).ToList();
            Assert.Contains(null, found);
            var kept = found.Select((trace, row) => (trace, row)).Where(f => f.trace is not null);
            Assert.All(kept, f => AssertSame(Trace(0, f.row), f.trace));
            Assert.StartsWith($"{file} is damaged: ", Assert.Single(told), StringComparison.Ordinal);
            Assert.Equal(flipped, File.ReadAllBytes($"{file}.damaged"));
            Assert.False(File.Exists(file));
            File.Delete($"{file}.damaged");
        }
    }

    [Fact]
    public void CutFile_IsDamaged()
    {
        Put(new(folder), 0, 0, 3);
        var file = Assert.Single(RowFiles.In(folder));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^40]);
        var told = new List<string>();
        Assert.Null(new RowStore(folder).Find(KeyOf(0, 2), told.Add));
        Assert.Contains("it ends too early", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_IsBounded_ForRowsOnTheDisk()
    {
        var recent = new RecentRows(1000);
        for (var row = 0; row < 10; row++) recent.Put($"{row}", Trace(0, row, draws: 20));
        // Two chains and the baseline of 20 draws: 480 bytes.
        Assert.Equal([8, 9], Enumerable.Range(0, 10).Where(row => recent.Find($"{row}") is not null));
    }

    private static RowKey KeyOf(int group, int row) => new($"a{group}", $"b{group}-{row}");

    private static LossTrace? Find(RowStore store, int group, int row) => store.Find(KeyOf(group, row), Assert.Fail);

    private static void Put(RowStore store, int group, int from, int to) => store.Put(KeyOf(group, 0).Group,
        [.. Enumerable.Range(from, to - from).Select(r => KeyValuePair.Create(KeyOf(group, r).Row, Trace(group, r)))]);

    private static void AssertSame(LossTrace wanted, LossTrace? found) => Assert.Equivalent(wanted, found, strict: true);

    private static LossTrace Trace(int group, int row, int draws = 3) => new()
    {
        Component = $"l0h{row}",
        Dimension = 4,
        NBeta = 1,
        Chains = 2,
        Draws = draws,
        Losses = [.. Enumerable.Range(0, 2 * draws).Select(i => i == 4 && row == 1 ? double.NaN : group + row + (i % 10 / 3.0))],
        BaselineLosses = [.. Enumerable.Range(0, draws).Select(i => i / 7.0)],
        MalaAcceptance = [0.9, 1],
        DivergedAt = [-1, row],
    };
}
