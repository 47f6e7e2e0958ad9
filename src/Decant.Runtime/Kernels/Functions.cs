using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Abs on every integer and floating-point type.</summary>
internal readonly struct Abs : INumberFunction
{
    public static Tensor Run(Operators.Abs op, Tensor?[] inputs, KernelContext context) =>
        NumberFunctions.Run<Abs>(inputs[0]!, context);

    public static T Apply<T>(T x)
        where T : unmanaged, INumber<T> => T.IsNegative(x) ? unchecked(-x) : x;

    public static Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, INumber<T> => Vector.Abs(x);
}

/// <summary>Computes ONNX Ceil on floating-point types.</summary>
internal readonly struct Ceil : IFunction
{
    public static Tensor Run(Operators.Ceil op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Ceil), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => -VectorMath.Floor(-x);
}

/// <summary>Computes ONNX Cos on floating-point types.</summary>
internal readonly struct Cos : IFunction
{
    public static Tensor Run(Operators.Cos op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Cos), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Cos(x);
}

/// <summary>Computes ONNX Erf on floating-point types.</summary>
internal readonly struct Erf : IFunction
{
    public static Tensor Run(Operators.Erf op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Erf), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Erf(x);
}

/// <summary>Computes ONNX Exp on floating-point types.</summary>
internal readonly struct Exp : IFunction
{
    public static Tensor Run(Operators.Exp op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Exp), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Exp(x);
}

/// <summary>Computes ONNX Floor on floating-point types.</summary>
internal readonly struct Floor : IFunction
{
    public static Tensor Run(Operators.Floor op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Floor), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Floor(x);
}

/// <summary>Computes ONNX Identity on every element type.</summary>
internal static class Identity
{
    public static Tensor Run(Operators.Identity op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Clone();
}

/// <summary>Computes ONNX Log on floating-point types.</summary>
internal readonly struct Log : IFunction
{
    public static Tensor Run(Operators.Log op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Log), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Log(x);
}

/// <summary>Computes ONNX Neg on every integer and floating-point type.</summary>
internal readonly struct Neg : INumberFunction
{
    public static Tensor Run(Operators.Neg op, Tensor?[] inputs, KernelContext context) =>
        NumberFunctions.Run<Neg>(inputs[0]!, context);

    public static T Apply<T>(T x)
        where T : unmanaged, INumber<T> => unchecked(-x);

    public static Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, INumber<T> => -x;
}

/// <summary>Computes ONNX Reciprocal on floating-point types.</summary>
internal readonly struct Reciprocal : IFunction
{
    public static Tensor Run(Operators.Reciprocal op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Reciprocal), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector<T>.One / x;
}

/// <summary>Computes ONNX Round on floating-point types.</summary>
internal readonly struct Round : IFunction
{
    public static Tensor Run(Operators.Round op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Round), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Round(x);
}

/// <summary>Computes ONNX Sign on every integer and floating-point type.</summary>
internal readonly struct Sign : INumberFunction
{
    public static Tensor Run(Operators.Sign op, Tensor?[] inputs, KernelContext context) =>
        NumberFunctions.Run<Sign>(inputs[0]!, context);

    public static T Apply<T>(T x)
        where T : unmanaged, INumber<T> =>
        x > T.Zero ? T.One
        : x < T.Zero ? -T.One
        : x;

    public static Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero),
            Vector<T>.One,
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -Vector<T>.One, x)
        );
}

/// <summary>Computes ONNX Sin on floating-point types.</summary>
internal readonly struct Sin : IFunction
{
    public static Tensor Run(Operators.Sin op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sin), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Sin(x);
}

/// <summary>Computes ONNX Sqrt on floating-point types.</summary>
internal readonly struct Sqrt : IFunction
{
    public static Tensor Run(Operators.Sqrt op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sqrt), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector.SquareRoot(x);
}
