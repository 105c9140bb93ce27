using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using MlNetRllc.Core.Errors;

namespace MlNetRllc.Core.Weights.PyTorch;

/// <summary>
/// Reads the pickles that <c>torch.save</c> writes for state dicts, as data: a stack machine over
/// dicts, lists, tuples, numbers, text and tensors.
/// </summary>
/// <remarks>
/// Only the opcodes in <see cref="Step"/> and the globals in <see cref="TorchGlobals"/> and
/// <see cref="OtherGlobals"/> are known; anything else is refused by name. Nothing is looked up,
/// imported or called, and work and memory are proportional to the pickle's length.
/// </remarks>
internal sealed class Unpickler
{
    private const int LongestNumber = 32;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> pickle;
    private readonly string source;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];
    private string? lastText;
    private int at;

    private Unpickler(ReadOnlyMemory<byte> pickle, string source) =>
        (this.pickle, this.source) = (pickle, source);

    /// <exception cref="InvalidDataException">The pickle holds anything but the data of a state
    /// dict, or is damaged.</exception>
    public static object? Read(ReadOnlyMemory<byte> pickle, string source) =>
        new Unpickler(pickle, source).Run();

    private object? Run()
    {
        while (true)
        {
            var opcode = Bytes(1)[0];
            if (opcode == (byte)'.')
                return stack.Count == 1 && marks.Count == 0
                    ? stack[0]
                    : throw Bad("ends with an incomplete value.");
            Step(opcode);
        }
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (Bytes(1)[0] is var protocol and (< 2 or > 5))
                    throw Bad($"is of protocol {protocol}; PyTorch writes 2 to 5.");
                break;
            case 0x95: Bytes(8); break; // FRAME
            case (byte)'(': marks.Push(stack.Count); break;
            case (byte)'}': Push(new PickleDict()); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case (byte)'t': Push(new PickleTuple(PopMark())); break;
            case 0x85: Push(new PickleTuple(Pop(1))); break;
            case 0x86: Push(new PickleTuple(Pop(2))); break;
            case 0x87: Push(new PickleTuple(Pop(3))); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case (byte)'K': Push((long)Bytes(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case 0x8a: Push(Long()); break; // LONG1
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case (byte)'X': Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case 0x8c: Push(Text(Bytes(1)[0])); break; // SHORT_BINUNICODE
            case (byte)'B': Push(Binary(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case (byte)'C' or (byte)'U': Push(Binary(Bytes(1)[0])); break; // SHORT_BINBYTES, SHORT_BINSTRING
            case 0x8e or 0x96: Push(Binary(BinaryPrimitives.ReadInt64LittleEndian(Bytes(8)))); break; // BINBYTES8, BYTEARRAY8
            case 0x8f: Push(OtherGlobals.Set); break; // EMPTY_SET
            case 0x90: AddItems(PopMark()); break;
            case (byte)'q': memo[Bytes(1)[0]] = Peek(); break;
            case (byte)'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
            case 0x94: memo[memo.Count] = Peek(); break; // MEMOIZE
            case (byte)'h': Push(Memo(Bytes(1)[0])); break;
            case (byte)'j': Push(Memo(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case (byte)'s': SetItems(Pop(2)); break;
            case (byte)'u': SetItems(PopMark()); break;
            case (byte)'a': Append(Pop(1)); break;
            case (byte)'e': Append(PopMark()); break;
            case (byte)'c': Push(Global(Line(), Line())); break;
            case 0x93: // STACK_GLOBAL
                Push(Pop(2) is [string module, string name] ? Global(module, name)
                    : throw Bad("names a global by something else than text."));
                break;
            case (byte)'Q': Push(Checked(() => TorchGlobals.Storage(Pop(1)[0]))); break;
            case (byte)'R' or 0x81: Reduce(); break; // REDUCE, NEWOBJ
            case (byte)'b': Build(); break;
            default: throw Bad($"uses the opcode 0x{opcode:x2}, which no state dict of plain tensors needs.");
        }
    }

    private PickleGlobal Global(string module, string name) => TorchGlobals.Find(module, name)
        ?? throw Bad($"names the global {module}.{name}, which is no part of a state dict of plain tensors; it was not run. " +
            "Save model.state_dict() alone.");

    private void Reduce()
    {
        if (Pop(2) is not [PickleGlobal function, PickleTuple arguments])
            throw Bad("calls something that is not a function of PyTorch's tensors.");
        Push(Checked(() => TorchGlobals.Call(function, arguments.Items)));
    }

    /// <summary>An OrderedDict may carry attributes (a state dict's <c>_metadata</c>): they hold no
    /// weights and are left out.</summary>
    private void Build()
    {
        var state = Pop(1)[0];
        if (Peek() is NumpyType type && state is PickleTuple { Items: [long, string order, ..] })
            type.BigEndian = order == ">";
        else if (Peek() is not PickleDict)
            throw Bad("sets attributes of something that is not an OrderedDict.");
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDict dict) throw Bad("sets items of something that is not a dict.");
        if (items.Length % 2 != 0) throw Bad("has a dict key without a value.");
        for (var i = 0; i < items.Length; i += 2)
            dict[items[i] switch
            {
                string text => text,
                long or BigInteger or double or bool or null => Convert.ToString(items[i] ?? "None", CultureInfo.InvariantCulture)!,
                // Such keys stand beside weights and are only kept apart.
                PickleTuple or PickleBytes or PickleGlobal => $"<{items[i]!.GetType().Name} {dict.Count}>",
                var other => throw Bad($"has a dict key of type {other.GetType().Name}; keys are text, numbers or tuples."),
            }] = items[i + 1];
    }

    private void AddItems(object?[] items)
    {
        if (!ReferenceEquals(Peek(), OtherGlobals.Set))
            throw Bad($"adds {items.Length} items to something that is not a set.");
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list) throw Bad("appends to something that is not a list.");
        list.AddRange(items);
    }

    private T Checked<T>(Func<T> read)
    {
        try { return read(); }
        catch (InvalidDataException e) when (e.Data["place"] is null) { throw Bad(e.Message); }
    }

    private void Push(object? value) => stack.Add(value);

    private object? Peek() =>
        stack.Count > (marks.Count > 0 ? marks.Peek() : 0) ? stack[^1] : throw Bad("uses a value that is not there.");

    private object?[] Pop(int count)
    {
        if (stack.Count - count < (marks.Count > 0 ? marks.Peek() : 0))
            throw Bad("uses a value that is not there.");
        return PopFrom(stack.Count - count);
    }

    private object?[] PopMark() =>
        PopFrom(marks.Count > 0 ? marks.Pop() : throw Bad("closes a group that was not opened."));

    private object?[] PopFrom(int start)
    {
        object?[] items = [.. System.Runtime.InteropServices.CollectionsMarshal.AsSpan(stack)[start..]];
        stack.RemoveRange(start, items.Length);
        return items;
    }

    private object? Memo(long key) =>
        memo.TryGetValue(key, out var value) ? value : throw Bad($"refers to the value {key}, which was not stored.");

    private PickleBytes Binary(long length)
    {
        Bytes(length);
        return new(pickle.Slice(at - (int)length, (int)length));
    }

    private object Long()
    {
        var bytes = Bytes(Bytes(1)[0]);
        // A seed of 64 bits without a sign takes nine bytes.
        if (bytes.Length > LongestNumber) throw Bad($"has a whole number of {bytes.Length} bytes.");
        if (bytes.Length > 8) return new BigInteger(bytes);
        var value = 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = value << 8 | bytes[i];
        var unused = 64 - 8 * bytes.Length;
        return bytes.Length == 0 ? 0 : value << unused >> unused;
    }

    private string Text(long length)
    {
        try { return lastText = Strict.GetString(Bytes(length)); }
        catch (DecoderFallbackException) { throw Bad("has text that is not valid UTF-8."); }
    }

    private string Line()
    {
        var length = pickle.Span[at..].IndexOf((byte)'\n');
        if (length < 0) throw Bad("ends inside a name.");
        var line = Text(length);
        at++;
        return line;
    }

    private ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > pickle.Length - at) throw Bad("ends early; the file is cut short.");
        at += (int)count;
        return pickle.Span.Slice(at - (int)count, (int)count);
    }

    private InvalidDataException Bad(string reason)
    {
        var near = lastText is null ? "" : $" near '{(lastText.Length > 100 ? lastText[..100] : lastText)}'";
        return new InvalidDataException($"{source}: the pickle{near} (byte {at}) {reason}") { Data = { ["place"] = at } }
            .About(ErrorPage.PyTorchFile);
    }
}
