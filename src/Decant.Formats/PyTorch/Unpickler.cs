using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>
/// Reads Python's pickles as far as state dictionaries need them, and never does what a pickle asks: its instructions
/// (PEP 307, PEP 3154) only put together null, bool, long, BigInteger, double, string, tuples (arrays), lists,
/// dictionaries, and references to storages and tensors. Any name that is not a <see cref="PickleGlobal"/> or a
/// storage's class is an error.
/// </summary>
internal sealed class Unpickler
{
    private const int MaxSteps = 1 << 21;

    private readonly PickleInput input;
    private readonly PickleStack stack;
    private readonly PickleCalls calls;
    private long steps;

    private Unpickler(BoundedStream stream)
    {
        input = new PickleInput(stream);
        stack = new PickleStack(() => input.Position);
        calls = new PickleCalls(() => input.Position, Count);
    }

    /// <summary>Reads the pickle that a stream holds next.</summary>
    /// <returns>What it holds, and every storage that it names.</returns>
    /// <exception cref="FileFormatException">It is damaged, asks for what is not known here, or is larger than any
    /// state dictionary.</exception>
    public static (object? Root, IReadOnlyDictionary<string, StorageReference> Storages) Read(BoundedStream stream)
    {
        var unpickler = new Unpickler(stream);
        return (unpickler.Run(), unpickler.calls.Storages);
    }

    private object? Run()
    {
        for (byte code = input.Byte(); code != '.'; code = input.Byte())
        {
            Count(1);
            if (!Number(code) && !Text(code) && !Group(code) && !Memory(code) && !Call(code))
                throw new FileFormatException(
                    $"pickle instruction 0x{code:X2} has no place in a state dictionary",
                    input.Position - 1
                );
        }
        return stack.Last();
    }

    private bool Number(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                stack.Push(null);
                return true;
            case 0x88:
                stack.Push(true);
                return true;
            case 0x89:
                stack.Push(false);
                return true;
            case (byte)'J':
                stack.Push((long)(int)input.UInt32());
                return true;
            case (byte)'K':
                stack.Push((long)input.Byte());
                return true;
            case (byte)'M':
                stack.Push((long)input.UInt16());
                return true;
            case 0x8A:
                stack.Push(input.Integer());
                return true;
            case (byte)'G':
                stack.Push(input.Double());
                return true;
            default:
                return false;
        }
    }

    private bool Text(byte code)
    {
        switch (code)
        {
            case (byte)'X' or (byte)'T':
                stack.Push(input.Text(input.UInt32()));
                return true;
            case 0x8C or (byte)'U':
                stack.Push(input.Text(input.Byte()));
                return true;
            case 0x8D:
                stack.Push(input.Text(input.UInt64()));
                return true;
            default:
                return false;
        }
    }

    private bool Group(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                stack.Mark();
                return true;
            case (byte)')':
                stack.Push(Array.Empty<object?>());
                return true;
            case (byte)'t':
                stack.Push(stack.PopMark());
                return true;
            case >= 0x85 and <= 0x87:
                stack.Push(stack.Pop(code - 0x84));
                return true;
            case (byte)']':
                stack.Push(new List<object?>());
                return true;
            case (byte)'a':
                calls.Append([stack.Pop()], Under());
                return true;
            case (byte)'e':
                calls.Append(stack.PopMark(), Under());
                return true;
            case (byte)'}':
                stack.Push(new OrderedDictionary<object, object?>());
                return true;
            case (byte)'s':
                calls.SetItems(stack.Pop(2), Under());
                return true;
            case (byte)'u':
                calls.SetItems(stack.PopMark(), Under());
                return true;
            default:
                return false;
        }
    }

    private bool Memory(byte code)
    {
        switch (code)
        {
            case (byte)'q':
                stack.Keep(input.Byte());
                return true;
            case (byte)'r':
                stack.Keep(input.UInt32());
                return true;
            case 0x94:
                stack.Keep();
                return true;
            case (byte)'h':
                stack.Recall(input.Byte());
                return true;
            case (byte)'j':
                stack.Recall(input.UInt32());
                return true;
            case (byte)'0':
                stack.Pop();
                return true;
            case (byte)'1':
                stack.PopMark();
                return true;
            case 0x80:
                input.Byte();
                return true; // The protocol: its instructions are known or not by themselves.
            case 0x95:
                input.UInt64();
                return true; // The length of a frame.
            default:
                return false;
        }
    }

    private bool Call(byte code)
    {
        switch (code)
        {
            case (byte)'c':
                stack.Push(calls.Global(input.Line(), input.Line()));
                return true;
            case 0x93:
                object?[] names = stack.Pop(2);
                stack.Push(calls.Global(names[0] as string ?? "?", names[1] as string ?? "?"));
                return true;
            case (byte)'R':
                object?[] call = stack.Pop(2);
                stack.Push(calls.Call(call[0], call[1]));
                return true;
            case (byte)'Q':
                stack.Push(calls.Storage(stack.Pop()));
                return true;
            case (byte)'b':
                stack.Pop();
                PickleCalls.IgnoreState(Under(), input.Position);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The object on top, which stays there.</summary>
    private object? Under()
    {
        object? top = stack.Pop();
        stack.Push(top);
        return top;
    }

    private void Count(int more)
    {
        if ((steps += more) > MaxSteps)
            throw new FileFormatException(
                $"the pickle takes more than {MaxSteps} steps; state dictionaries take far fewer",
                input.Position
            );
    }
}

/// <summary>The stack, the marks and the memo of a pickle that is read, within bounds.</summary>
/// <param name="position">Tells where in the file reading is, for messages.</param>
internal sealed class PickleStack(Func<long> position)
{
    private const int MaxDepth = 1000;

    private readonly List<object?> items = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, object?> memo = [];

    /// <summary>Puts an object on top.</summary>
    public void Push(object? item) => items.Add(item);

    /// <summary>Takes the object on top.</summary>
    public object? Pop()
    {
        if (items.Count <= (marks.Count > 0 ? marks[^1] : 0))
            throw Damaged("takes an object where there is none");
        object? top = items[^1];
        items.RemoveAt(items.Count - 1);
        return top;
    }

    /// <summary>Takes the topmost objects, the one that was put first in front.</summary>
    public object?[] Pop(int count)
    {
        var taken = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            taken[i] = Pop();
        return taken;
    }

    /// <summary>Remembers how many objects there are.</summary>
    public void Mark()
    {
        if (marks.Count == MaxDepth)
            throw Damaged($"nests deeper than {MaxDepth}");
        marks.Add(items.Count);
    }

    /// <summary>Takes the objects since the last mark, and the mark.</summary>
    public object?[] PopMark()
    {
        if (marks.Count == 0)
            throw Damaged("ends a group that it did not begin");
        object?[] taken = Pop(items.Count - marks[^1]);
        marks.RemoveAt(marks.Count - 1);
        return taken;
    }

    /// <summary>Keeps the object on top under a number.</summary>
    public void Keep(uint number)
    {
        object? top = Pop();
        memo[number] = top;
        Push(top);
    }

    /// <summary>Keeps the object on top under the next number.</summary>
    public void Keep() => Keep((uint)memo.Count);

    /// <summary>Puts an object on top that was kept.</summary>
    public void Recall(uint number) =>
        Push(
            memo.TryGetValue(number, out object? kept)
                ? kept
                : throw Damaged($"recalls object {number}, which it did not keep")
        );

    /// <summary>Takes the only object that is left.</summary>
    public object? Last()
    {
        object? last = Pop();
        return items.Count == 0 && marks.Count == 0 ? last : throw Damaged("ends with more than one object");
    }

    private FileFormatException Damaged(string what) => new($"the pickle {what}", position());
}
