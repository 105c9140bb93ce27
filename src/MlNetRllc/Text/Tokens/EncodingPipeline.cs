using System.Collections.Concurrent;

namespace MlNetRllc.Text.Tokens;

/// <summary>Reads documents on one thread, encodes them on all cores, and gives them back in their order; what
/// waits between is bounded.</summary>
/// <remarks>A long document is cut where its tokens do not depend on it (<see cref="PreTokens.NextCut"/>), so one text of gigabytes is
/// encoded in parallel too. An error of the source comes out behind the documents before it.</remarks>
internal sealed class EncodingPipeline(TextTokenizer tokenizer, double validationFraction)
{
    private const int BatchCharacters = 1 << 18;
    private const int BatchDocuments = 1 << 12;

    private readonly ConcurrentBag<ITextEncoder> encoders = [];
    private readonly ConcurrentBag<EncodedBatch> buffers = [];

    /// <summary>The batches of <paramref name="documents"/>, in order. A batch is overwritten once the next is asked for.</summary>
    public IEnumerable<EncodedBatch> Run(IEnumerable<ReadOnlyMemory<char>> documents)
    {
        using var stop = new CancellationTokenSource();
        using var queue = new BlockingCollection<Task<EncodedBatch>>(2 * Environment.ProcessorCount + 2);
        var reader = Task.Factory.StartNew(
            () => Read(documents, queue, stop.Token),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var task in queue.GetConsumingEnumerable())
            {
                var batch = task.GetAwaiter().GetResult();
                yield return batch;
                buffers.Add(batch);
            }
            reader.GetAwaiter().GetResult();
        }
        finally
        {
            // Whoever stops early stops the reader too; its error, if it had one, is no longer asked for.
            stop.Cancel();
            Task.WaitAny(reader);
        }
    }

    private void Read(IEnumerable<ReadOnlyMemory<char>> documents, BlockingCollection<Task<EncodedBatch>> queue, CancellationToken stop)
    {
        try
        {
            foreach (var pieces in Batches(documents)) queue.Add(Task.Run(() => Encode(pieces), CancellationToken.None), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            queue.CompleteAdding();
        }
    }

    private IEnumerable<List<Piece>> Batches(IEnumerable<ReadOnlyMemory<char>> documents)
    {
        var batch = new List<Piece>();
        var characters = 0;
        foreach (var document in documents)
        {
            var start = 0;
            do
            {
                var isWhole = document.Length - start < 2 * BatchCharacters || !tokenizer.EncodesInParts;
                var end = isWhole ? document.Length : PreTokens.NextCut(document.Span, start + BatchCharacters);
                batch.Add(new(document, start, end));
                characters += end - start;
                start = end;
                if (batch.Count < BatchDocuments && characters < BatchCharacters) continue;
                yield return batch;
                (batch, characters) = ([], 0);
            }
            while (start < document.Length);
        }
        if (batch.Count > 0) yield return batch;
    }

    private EncodedBatch Encode(List<Piece> pieces)
    {
        if (!encoders.TryTake(out var encoder)) encoder = tokenizer.NewEncoder();
        if (!buffers.TryTake(out var batch)) batch = new();
        batch.Clear();
        foreach (var (document, start, end) in pieces)
        {
            encoder.Encode(document.Span[start..end], batch.Tokens);
            var isFirst = start == 0;
            var split = isFirst ? ContextPacker.SplitOf(document.Span, validationFraction) : null;
            batch.Parts.Add(new(batch.Tokens.Count, isFirst, split));
        }
        encoders.Add(encoder);
        return batch;
    }

    private readonly record struct Piece(ReadOnlyMemory<char> Document, int Start, int End);
}

/// <summary>The tokens of some documents, or of a part of a long one.</summary>
internal sealed class EncodedBatch
{
    /// <summary>The tokens of all parts.</summary>
    public List<int> Tokens { get; } = [];

    public List<EncodedPart> Parts { get; } = [];

    public void Clear()
    {
        Tokens.Clear();
        Parts.Clear();
    }
}

/// <summary>A document or a part of one.</summary>
/// <param name="End">Where its tokens end; they begin where those of the part before end.</param>
/// <param name="Begins">Whether it is the document's beginning.</param>
/// <param name="Split">The document's split, at its beginning.</param>
internal readonly record struct EncodedPart(int End, bool Begins, string? Split);
