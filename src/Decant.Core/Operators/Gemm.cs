using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Gemm: alpha·A'·B' + beta·C, C broadcast to the result; primes are optional transposes.</summary>
public sealed class Gemm(Attributes attributes) : Operator("Gemm", attributes, (2, 3), "alpha", "beta", "transA", "transB")
{
    /// <summary>The factor of the product.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <summary>The factor of C.</summary>
    public float Beta { get; } = attributes.Float("beta", 1);

    /// <summary>Whether A is stored transposed.</summary>
    public bool TransA { get; } = attributes.Flag("transA");

    /// <summary>Whether B is stored transposed.</summary>
    public bool TransB { get; } = attributes.Flag("transB");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } a || inputs.Shape(1) is not { } b) return [new TensorType(inputs.Type(0), null)];
        if (a.Rank != 2 || b.Rank != 2) throw new ModelException($"Gemm multiplies matrices, not {a} and {b}");
        int inner = a[TransA ? 0 : 1], other = b[TransB ? 1 : 0];
        if (inner >= 0 && other >= 0 && inner != other) throw new ModelException($"matrices {a} and {b} do not fit: {inner} against {other}");
        return One(inputs.Type(0), new Shape(a[TransA ? 1 : 0], b[TransB ? 0 : 1]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(1) is { IsKnown: true } b ? y.Count * b[TransB ? 1 : 0] : 0;
}
