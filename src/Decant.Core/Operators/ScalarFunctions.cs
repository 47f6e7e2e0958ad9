using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>A function of one number that is computed element by element, in doubles.</summary>
public abstract class ScalarFunction : UnaryFunction
{
    private readonly Func<double, double> function;

    private protected ScalarFunction(string type, Attributes attributes, Func<double, double> function)
        : base(type, attributes) => this.function = function;

    /// <summary>The function's value; not a number outside its domain.</summary>
    public double Of(double x) => function(x);

    /// <inheritdoc/>
    internal sealed override double? Value(double x) => function(x);

    /// <inheritdoc/>
    public sealed override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        Elementwise.Unary(inputs, TypeSet.Floats);
}

/// <summary>ONNX Acos: the angle whose cosine is x, element-wise.</summary>
public sealed class Acos(Attributes attributes) : ScalarFunction("Acos", attributes, Math.Acos);

/// <summary>ONNX Acosh: the inverse of cosh, element-wise.</summary>
public sealed class Acosh(Attributes attributes) : ScalarFunction("Acosh", attributes, Math.Acosh);

/// <summary>ONNX Asin: the angle whose sine is x, element-wise.</summary>
public sealed class Asin(Attributes attributes) : ScalarFunction("Asin", attributes, Math.Asin);

/// <summary>ONNX Asinh: the inverse of sinh, element-wise.</summary>
public sealed class Asinh(Attributes attributes) : ScalarFunction("Asinh", attributes, Math.Asinh);

/// <summary>ONNX Atan: the angle whose tangent is x, element-wise.</summary>
public sealed class Atan(Attributes attributes) : ScalarFunction("Atan", attributes, Math.Atan);

/// <summary>ONNX Atanh: the inverse of tanh, element-wise.</summary>
public sealed class Atanh(Attributes attributes) : ScalarFunction("Atanh", attributes, Math.Atanh);

/// <summary>ONNX Cosh: the hyperbolic cosine, element-wise.</summary>
public sealed class Cosh(Attributes attributes) : ScalarFunction("Cosh", attributes, Math.Cosh);

/// <summary>ONNX Sinh: the hyperbolic sine, element-wise.</summary>
public sealed class Sinh(Attributes attributes) : ScalarFunction("Sinh", attributes, Math.Sinh);

/// <summary>ONNX Tan: the tangent, element-wise.</summary>
public sealed class Tan(Attributes attributes) : ScalarFunction("Tan", attributes, Math.Tan);
