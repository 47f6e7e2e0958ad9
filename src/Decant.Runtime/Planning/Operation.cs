using Decant.Runtime.Memory;

namespace Decant.Runtime.Planning;

/// <summary>A node and what follows it that its stage computes on the way.</summary>
/// <param name="Node">The node.</param>
internal sealed record Operation(Node Node)
{
    /// <summary>The last node it computes.</summary>
    public Node Last { get; init; } = Node;

    /// <summary>The value it makes in the end.</summary>
    public string Output { get; init; } = Node.Outputs[0];

    /// <summary>A value that is added to its result; null for none.</summary>
    public string? Residual { get; init; }

    /// <summary>A constant that is added to each output channel; null for none.</summary>
    public string? Bias { get; init; }

    /// <summary>A normalization of its result, channel by channel; null for none.</summary>
    public Node? Normalization { get; init; }

    /// <summary>The least result; smaller ones become it.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>The greatest result; larger ones become it.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>What brings its result to bytes in the end; null if it stays floats.</summary>
    public Node? Quantization { get; init; }

    /// <summary>The operation without its last node; null if it is one node alone.</summary>
    public Operation? Shorter { get; init; }

    /// <summary>Whether its results are clamped.</summary>
    public bool IsClamped => Low > float.NegativeInfinity || High < float.PositiveInfinity;

    /// <summary>The values it reads.</summary>
    public IEnumerable<string> Reads =>
        (Residual is null ? Node.Inputs : Node.Inputs.Append(Residual)).Where(i => i.Length > 0);
}

/// <summary>Where an input or output of a plan lies: floats of known shape in a buffer, all else in a tensor.</summary>
/// <param name="Name">The value.</param>
/// <param name="Shape">Its shape; null where only a run can tell.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Buffer">The buffer; null if it is a tensor.</param>
/// <param name="Slot">The slot of the tensor; -1 if it is in a buffer.</param>
internal sealed record Port(string Name, Shape? Shape, ElementType Type, PlanBuffer? Buffer, int Slot)
{
    /// <summary>Makes room for an input.</summary>
    public static Port Input(string name, PlanBuilder plan)
    {
        TensorType type = plan.Known.Type(name)!;
        if (plan.Known.FloatShape(name) is not null)
            return new Port(name, type.Shape, type.Type, plan.NewPlain(name), -1);
        int slot = plan.NewSlot(name);
        plan.Slots[slot] = Tensor.Zeros(type.Type, type.Shape!.Value);
        return new Port(name, type.Shape, type.Type, null, slot);
    }

    /// <summary>Finds an output.</summary>
    public static Port Output(string name, PlanBuilder plan)
    {
        TensorType? type = plan.Known.Type(name);
        bool floats = plan.Known.FloatShape(name) is not null && (plan.HasFloats(name) || plan.Known.IsConstant(name));
        return floats
            ? new Port(name, type!.Shape, ElementType.Float32, plan.Plain(name), -1)
            : new Port(
                name,
                type?.Shape is { IsKnown: true } shape ? shape : null,
                type?.Type ?? ElementType.Unknown,
                null,
                plan.Slot(name)
            );
    }
}
