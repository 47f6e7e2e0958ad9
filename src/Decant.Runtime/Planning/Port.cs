using Decant.Runtime.Memory;

namespace Decant.Runtime.Planning;

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
        if (plan.Known.FloatShape(name) is not null) return new Port(name, type.Shape, type.Type, plan.NewPlain(name), -1);
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
            : new Port(name, type?.Shape is { IsKnown: true } shape ? shape : null, type?.Type ?? ElementType.Unknown, null, plan.Slot(name));
    }
}
