using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Computes one node on libtorch; what its attributes decide is worked out once, before.</summary>
internal delegate TorchTensor TorchKernel(TorchInputs inputs);

/// <summary>What a node reads when it runs on libtorch.</summary>
/// <param name="count">How many inputs the node lists.</param>
internal sealed class TorchInputs(int count)
{
    private readonly TorchTensor?[] tensors = new TorchTensor?[count];
    private readonly long[]?[] integers = new long[]?[count];
    private readonly Tensor?[] constants = new Tensor?[count];

    /// <summary>How many inputs the node lists, those left out included.</summary>
    public int Count => tensors.Length;

    /// <summary>The element type of each input, as the network says; Unknown where it does not.</summary>
    public ElementType[] Types { get; init; } = new ElementType[count];

    /// <summary>Whether the network is being trained, so that batch statistics are used and kept.</summary>
    public bool Training { get; set; }

    /// <summary>An input that must be there.</summary>
    public TorchTensor this[int i] => tensors[i]!;

    /// <summary>An input that may be left out.</summary>
    public TorchTensor? Optional(int i) => i < tensors.Length ? tensors[i] : null;

    /// <summary>
    /// The numbers of an integer input; null if it is left out. Those of a constant are read from libtorch once.
    /// </summary>
    public long[]? Integers(int i) =>
        i >= tensors.Length ? null : integers[i] ?? tensors[i]?.To(TorchType.Int64).ToArray<long>();

    /// <summary>
    /// The inputs as the operator's own rules see them, with the numbers of those that are asked for.
    /// </summary>
    public OperatorInputs Known(params ReadOnlySpan<int> read)
    {
        var numbers = new Tensor?[count];
        foreach (int i in read)
            if (Optional(i) is { } tensor)
                numbers[i] = constants[i] ?? tensor.ToTensor();
        return new OperatorInputs(
            [.. tensors.Select(t => t is null ? null : new TensorType(t.Type.ToElementType(), Shapes.Of(t)))],
            [.. numbers]
        );
    }

    /// <summary>
    /// The inputs as an operator's shape rule sees them before the node runs, with the elements of those that the rule
    /// may read: settings and lists of integers.
    /// </summary>
    public OperatorInputs Known(Operator op)
    {
        var types = new TensorType?[count];
        var elements = new Tensor?[count];
        for (int i = 0; i < count; i++)
        {
            if (tensors[i] is not { } tensor)
                continue;
            ElementType type = Types[i] == ElementType.Unknown ? tensor.Type.ToElementType() : Types[i];
            types[i] = new TensorType(type, Shapes.Of(tensor));
            if (constants[i] is { } constant)
                elements[i] = constant;
            // A setting that is trained, such as a scale, is read by no shape rule.
            else if (
                op.IsSetting(i) && !tensor.RequiresGrad
                || (type is ElementType.Int64 or ElementType.Int32 && tensor.Rank <= 1)
            )
                elements[i] = tensor.ToTensor();
        }
        return new OperatorInputs([.. types], [.. elements]);
    }

    /// <summary>
    /// The node's outputs after the first, as its kernel set them; null for one that nobody asked for.
    /// </summary>
    public TorchTensor?[] MoreOutputs { get; init; } = [];

    /// <summary>Whether an output after the first is asked for.</summary>
    public bool Wants(int output) => output - 1 < MoreOutputs.Length;

    /// <summary>Sets an output after the first.</summary>
    public void SetOutput(int output, TorchTensor value) => MoreOutputs[output - 1] = value;

    /// <summary>The same inputs, half precision as single; outputs after the first are its own.</summary>
    public TorchInputs Widened()
    {
        var wide = new TorchInputs(Count)
        {
            Types = Types,
            Training = Training,
            MoreOutputs = new TorchTensor?[MoreOutputs.Length],
        };
        integers.CopyTo(wide.integers, 0);
        for (int i = 0; i < Count; i++)
            wide.tensors[i] = tensors[i] is { Type: TorchType.Float16 } half ? half.To(TorchType.Float32) : tensors[i];
        return wide;
    }

    /// <summary>Sets an input for this run.</summary>
    public void Set(int i, TorchTensor? value) => tensors[i] = value;

    /// <summary>Sets an input that never changes.</summary>
    public void SetConstant(int i, Tensor value, TorchTensor tensor)
    {
        tensors[i] = tensor;
        constants[i] = value;
        if (value.Type == ElementType.Int64)
            integers[i] = value.Array<long>();
    }
}

/// <summary>What floating-point tensors do by themselves, and integer ones by way of doubles.</summary>
internal static class Floats
{
    private static readonly TorchOp DivMode = new("aten::div.Scalar_mode");

    public static bool IsFloat(this TorchTensor x) =>
        x.Type is TorchType.Float32 or TorchType.Float64 or TorchType.Float16;

    /// <summary>x/count; integers toward zero.</summary>
    public static TorchTensor Quotient(this TorchTensor x, long count) =>
        x.IsFloat() ? x.Div(count) : DivMode.Call(x, count, "trunc");

    /// <summary>A function of floats, its result brought back to the type of x.</summary>
    public static TorchTensor AsFloat(this TorchTensor x, Func<TorchTensor, TorchTensor> function) =>
        x.IsFloat() ? function(x) : function(x.To(TorchType.Float64)).To(x.Type);
}
