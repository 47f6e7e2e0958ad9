using Decant.Core;

namespace Decant.Formats.PyTorch;

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
        if (items.Count <= (marks.Count > 0 ? marks[^1] : 0)) throw Damaged("takes an object where there is none");
        object? top = items[^1];
        items.RemoveAt(items.Count - 1);
        return top;
    }

    /// <summary>Takes the topmost objects, the one that was put first in front.</summary>
    public object?[] Pop(int count)
    {
        var taken = new object?[count];
        for (int i = count - 1; i >= 0; i--) taken[i] = Pop();
        return taken;
    }

    /// <summary>Remembers how many objects there are.</summary>
    public void Mark()
    {
        if (marks.Count == MaxDepth) throw Damaged($"nests deeper than {MaxDepth}");
        marks.Add(items.Count);
    }

    /// <summary>Takes the objects since the last mark, and the mark.</summary>
    public object?[] PopMark()
    {
        if (marks.Count == 0) throw Damaged("ends a group that it did not begin");
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
    public void Recall(uint number) => Push(memo.TryGetValue(number, out object? kept) ? kept : throw Damaged($"recalls object {number}, which it did not keep"));

    /// <summary>Takes the only object that is left.</summary>
    public object? Last()
    {
        object? last = Pop();
        return items.Count == 0 && marks.Count == 0 ? last : throw Damaged("ends with more than one object");
    }

    private FileFormatException Damaged(string what) => new($"the pickle {what}", position());
}
