using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Gemm: alpha·A'·B' + beta·C, C broadcast to the result; primes are optional transposes.</summary>
public sealed class Gemm(Attributes attributes)
    : LinearOperator("Gemm", attributes, (2, 3), "alpha", "beta", "transA", "transB")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Gemm;

    /// <inheritdoc/>
    public override int? BiasInput => 2;

    /// <inheritdoc/>
    public override float ProductScale => Alpha;

    /// <inheritdoc/>
    public override float BiasScale => Beta;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => TransA ? 0 : 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        weight.Rank != 2 ? null
        : input == WeightInput ? LayerAxes.Matrix(weight, output: TransB ? 1 : 2)
        : input == 0 ? LayerAxes.Matrix(weight, output: TransA ? 2 : 1)
        : null;

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
        if (inputs.Shape(0) is not { } a || inputs.Shape(1) is not { } b)
            return [new TensorType(inputs.Type(0), null)];
        if (a.Rank != 2 || b.Rank != 2)
            throw new ModelException($"Gemm multiplies matrices, not {a} and {b}");
        int inner = a[TransA ? 0 : 1],
            other = b[TransB ? 1 : 0];
        if (inner >= 0 && other >= 0 && inner != other)
            throw new ModelException($"matrices {a} and {b} do not fit: {inner} against {other}");
        return One(inputs.Type(0), new Shape(a[TransA ? 1 : 0], b[TransB ? 0 : 1]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(1) is { IsKnown: true } b
            ? y.Count * b[TransB ? 1 : 0]
            : 0;
}

/// <summary>
/// ONNX MatMul: matrix product over the last two axes, the others broadcast; vectors are promoted as in NumPy.
/// </summary>
public sealed class MatMul(Attributes attributes) : LinearOperator("MatMul", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.MatMul;

    /// <inheritdoc/>
    public override int? BiasInput => null;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => rank - 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => rank - 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        weight.Rank < 2 ? null : LayerAxes.Matrix(weight, output: input == WeightInput ? 2 : 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        inputs.Shape(0) is { } a && inputs.Shape(1) is { } b
            ? One(inputs.Type(0), Product(a, b))
            : [new TensorType(inputs.Type(0), null)];

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(0) is { IsKnown: true } a ? y.Count * a[-1] : 0;

    /// <summary>The shape of a product.</summary>
    /// <exception cref="ModelException">The operands do not fit.</exception>
    public static Shape Product(Shape a, Shape b)
    {
        if (a.Rank == 0 || b.Rank == 0)
            throw new ModelException($"MatMul needs vectors or matrices, not {a} and {b}");
        Shape x = a.Rank == 1 ? new Shape(1, a[0]) : a,
            y = b.Rank == 1 ? new Shape(b[0], 1) : b;
        if (x[-1] >= 0 && y[-2] >= 0 && x[-1] != y[-2])
            throw new ModelException($"shapes {a} and {b} do not multiply: {x[-1]} against {y[-2]}");
        Shape batch = Shape.Broadcast(new Shape(x.Dims.AsSpan()[..^2]), new Shape(y.Dims.AsSpan()[..^2]));
        List<int> dims = [.. batch.Dims];
        if (a.Rank > 1)
            dims.Add(x[-2]);
        if (b.Rank > 1)
            dims.Add(y[-1]);
        return new Shape([.. dims]);
    }
}

/// <summary>
/// ONNX MatMulInteger: the product of 8-bit matrices less their zero points, in int32. Inputs A, B, optional zero
/// points: one number, one a row of A, one a column of B.
/// </summary>
public sealed class MatMulInteger(Attributes attributes) : Operator("MatMulInteger", attributes, (2, 4))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(ElementType.Int32, inputs.Shape(0) is { } a && inputs.Shape(1) is { } b ? MatMul.Product(a, b) : null);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => new MatMul(Attributes.None).Macs(inputs);
}

/// <summary>
/// ONNX QLinearMatMul: the product of 8-bit matrices, quantized again. Inputs a, its scale and zero point, b, its scale
/// and zero point, the result's scale and zero point.
/// </summary>
public sealed class QLinearMatMul(Attributes attributes) : Operator("QLinearMatMul", attributes, (8, 8))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input is not (0 or 3);

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(7), inputs.Shape(0) is { } a && inputs.Shape(3) is { } b ? MatMul.Product(a, b) : null);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        new MatMul(Attributes.None).Macs(new OperatorInputs([inputs.Types[0], inputs.Types[3]], [null, null]));
}
