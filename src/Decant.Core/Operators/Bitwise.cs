using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>A function of the bits of two tensors of integers, element-wise, which broadcast.</summary>
public abstract class BitwiseOperator : ElementwiseOperator
{
    private static readonly TypeSet Integers = new("integers of 8 to 64 bits", t =>
        TypeSet.Numbers.Has(t) && !t.IsFloat()
    );

    private protected BitwiseOperator(string type, Attributes attributes)
        : base(type, attributes, (2, 2)) { }

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule => ChannelRules.Kept;

    /// <inheritdoc/>
    public sealed override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Integers);
        return Elementwise.Arithmetic(inputs);
    }
}

/// <summary>ONNX BitwiseAnd: the bits that both have.</summary>
public sealed class BitwiseAnd(Attributes attributes) : BitwiseOperator("BitwiseAnd", attributes);

/// <summary>ONNX BitwiseOr: the bits that one of them has.</summary>
public sealed class BitwiseOr(Attributes attributes) : BitwiseOperator("BitwiseOr", attributes);

/// <summary>ONNX BitwiseXor: the bits that one of them has alone.</summary>
public sealed class BitwiseXor(Attributes attributes) : BitwiseOperator("BitwiseXor", attributes);
