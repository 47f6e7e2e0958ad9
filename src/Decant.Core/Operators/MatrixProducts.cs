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
        inputs.RequireType(0, TypeSet.Factors);
        inputs.RequireSameTypes();
        if (inputs.Shape(0) is not { } a || inputs.Shape(1) is not { } b)
            return [new TensorType(inputs.Type(0), null)];
        if (a.Rank != 2 || b.Rank != 2)
            throw new ModelException($"Gemm multiplies matrices, not {a} and {b}");
        int inner = a[TransA ? 0 : 1],
            other = b[TransB ? 1 : 0];
        if (inner >= 0 && other >= 0 && inner != other)
            throw new ModelException($"matrices {a} and {b} do not fit: {inner} against {other}");
        var output = new Shape(a[TransA ? 1 : 0], b[TransB ? 0 : 1]);
        inputs.RequireBroadcast(2, output);
        return One(inputs.Type(0), output);
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
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Factors);
        inputs.RequireSameTypes();
        return One(inputs.Type(0), Product(inputs.Shape(0), inputs.Shape(1)));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => MultiplyAccumulates(inputs.Shape(0), inputs.Shape(1));

    /// <summary>Multiply-accumulates of a product; 0 where the shapes are not known.</summary>
    internal static long MultiplyAccumulates(Shape? a, Shape? b) =>
        Product(a, b) is { IsKnown: true } y && a is { IsKnown: true } left ? y.Count * left[-1] : 0;

    /// <summary>The shape of a product; null where that of an operand is not known.</summary>
    /// <exception cref="ModelException">The operands do not fit.</exception>
    internal static Shape? Product(Shape? a, Shape? b) => a is { } left && b is { } right ? Product(left, right) : null;

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
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Bytes);
        inputs.RequireType(1, TypeSet.Bytes);
        inputs.RequireSameType(2, 0);
        inputs.RequireSameType(3, 1);
        CheckPerRow(inputs, 0, 2);
        CheckPerColumn(inputs, 1, 3);
        return One(ElementType.Int32, MatMul.Product(inputs.Shape(0), inputs.Shape(1)));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => MatMul.MultiplyAccumulates(inputs.Shape(0), inputs.Shape(1));

    /// <summary>Checks that an input holds one element for a left factor, or one for each of its rows.</summary>
    internal static void CheckPerRow(OperatorInputs inputs, int factor, int i)
    {
        if (inputs.Shape(factor) is not { Rank: > 0 } a || inputs.Shape(i) is not { } given)
            return;
        if (given.Rank > 1 && given[-1] is 1 or Shape.Unknown)
            inputs.RequireBroadcast(i, a);
        else
            inputs.RequireSingleOrVector(i, a.Rank == 1 ? 1 : a[-2], "row");
    }

    /// <summary>Checks that an input holds one element for a right factor, or one for each of its columns.</summary>
    internal static void CheckPerColumn(OperatorInputs inputs, int factor, int i)
    {
        if (inputs.Shape(factor) is not { Rank: > 0 } b || inputs.Shape(i) is not { } given)
            return;
        if (given.Rank > 1 && given[-2] is 1 or Shape.Unknown)
            inputs.RequireBroadcast(i, b);
        else
            inputs.RequireSingleOrVector(i, b.Rank == 1 ? 1 : b[-1], "column");
    }
}

/// <summary>
/// ONNX QLinearMatMul: the product of 8-bit matrices, quantized again. Inputs a, its scale and zero point, b, its scale
/// and zero point, the result's scale and zero point.
/// </summary>
public sealed class QLinearMatMul(Attributes attributes) : Operator("QLinearMatMul", attributes, (8, 8))
{
    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input is not (0 or 3);

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        QLinearConv.CheckQuantized(inputs);
        Shape? output = MatMul.Product(inputs.Shape(0), inputs.Shape(3));
        foreach (int i in new[] { 1, 2 })
            MatMulInteger.CheckPerRow(inputs, 0, i);
        foreach (int i in new[] { 4, 5 })
            MatMulInteger.CheckPerColumn(inputs, 3, i);
        foreach (int i in new[] { 6, 7 })
            inputs.RequireSingleOrVector(i, output is { Rank: > 0 } y ? y[-1] : Shape.Unknown, "column");
        return One(inputs.Type(7), output);
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => MatMul.MultiplyAccumulates(inputs.Shape(0), inputs.Shape(3));
}

/// <summary>ONNX Det: the determinant of each matrix of (…, n, n).</summary>
public sealed class Det(Attributes attributes) : Operator("Det", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 2 || x[-1] != x[-2] && x[-1] != Shape.Unknown && x[-2] != Shape.Unknown)
            throw new ModelException($"input 0 has shape {x}; square matrices are possible");
        return One(inputs.Type(0), new Shape([.. x.Dims[..^2]]));
    }
}
