namespace Decant.Core;

/// <summary>What is known of a value before the network runs: its element type and its shape.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The shape; extents may be unknown. Null if not even the rank is known.</param>
public sealed record TensorType(ElementType Type, Shape? Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type} {(Shape is { } s ? s.ToString() : "of unknown rank")}";
}
