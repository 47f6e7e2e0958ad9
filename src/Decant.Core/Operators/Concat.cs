using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Concat along <see cref="Axis"/>.</summary>
public sealed class Concat(Attributes attributes) : Operator("Concat", attributes, (1, int.MaxValue), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (Enumerable.Range(0, inputs.Types.Length).Any(i => inputs.Shape(i) is null)) return [new TensorType(inputs.Type(0), null)];
        return One(inputs.Type(0), Output([.. inputs.Types.Select(t => t!.Shape!.Value)]));
    }

    /// <summary>The shape of the parts joined.</summary>
    /// <exception cref="ModelException">They differ along another axis.</exception>
    public Shape Output(IReadOnlyList<Shape> parts)
    {
        Shape first = parts[0];
        int axis = first.Axis(Axis), sum = 0;
        foreach (Shape part in parts)
        {
            if (part.Rank != first.Rank || Enumerable.Range(0, first.Rank).Any(i => i != axis && Differ(part[i], first[i])))
                throw new ModelException($"shapes {first} and {part} do not join along axis {Axis}");
            sum = sum < 0 || part[axis] < 0 ? Shape.Unknown : checked(sum + part[axis]);
        }
        return first.With(axis, sum);
    }

    private static bool Differ(int a, int b) => a >= 0 && b >= 0 && a != b;
}
