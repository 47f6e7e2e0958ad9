using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Microsoft;

/// <summary>What ONNX Runtime's optimizer joins from several standard operators.</summary>
internal static class FusedOperators
{
    // Of SkipLayerNormalization, in ONNX Runtime's documentation of its operators.
    private const float SkipEpsilon = 1e-12f;

    /// <summary>Gelu of a sum.</summary>
    public static void BiasGelu(Lowering l) =>
        l.Finish(l.Make("Gelu", l.Make("Add", l.Node.Input(0), l.Node.Input(1))));

    /// <summary>The approximation of Gelu by tanh, of an input plus an optional bias.</summary>
    public static void FastGelu(Lowering l)
    {
        string x = l.Has(1) ? l.Make("Add", l.Node.Input(0), l.Node.Input(1)) : l.Node.Input(0);
        l.Finish(l.Make("Gelu", new Attributes(("approximate", "tanh")), x));
    }

    /// <summary>x·sigmoid(alpha·x).</summary>
    public static void QuickGelu(Lowering l)
    {
        string alpha = l.Weight("alpha", Tensor.Scalar(l.Node.Attributes.Float("alpha", 1.702f))),
            gate = l.Make("Sigmoid", l.Make("Mul", l.Node.Input(0), alpha));
        l.Finish(l.Make("Mul", l.Node.Input(0), gate));
    }

    /// <summary>A convolution, plus an optional input 3, through an activation.</summary>
    public static void FusedConv(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        string y = l.Make(
            "Conv",
            attributes.Without("activation", "activation_params"),
            l.Node.Input(0),
            l.Node.Input(1),
            l.Node.Input(2)
        );
        if (l.Has(3))
            y = l.Make("Add", y, l.Node.Input(3));
        l.Finish(Activated(l, y, attributes.Floats("activation_params")));
    }

    /// <summary>Gemm through an activation.</summary>
    public static void FusedGemm(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        string[] parameters = ["activation_alpha", "activation_beta", "activation_gamma"];
        string y = l.Make("Gemm", attributes.Without([.. parameters, "activation"]), l.Node.Inputs);
        l.Finish(Activated(l, y, [.. parameters.TakeWhile(attributes.Has).Select(name => attributes.Float(name, 0))]));
    }

    /// <summary>alpha·A·B, with the last two axes of either transposed first.</summary>
    public static void FusedMatMul(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("alpha", "transA", "transB", "transBatchA", "transBatchB");
        if (attributes.Flag("transBatchA") || attributes.Flag("transBatchB"))
            throw new ModelException("transposed batches (transBatchA, transBatchB) are not supported");
        string product = l.Make("MatMul", Operand(l, 0, "transA"), Operand(l, 1, "transB"));
        float alpha = attributes.Float("alpha", 1);
        l.Finish(alpha == 1 ? product : l.Make("Mul", product, l.Weight("alpha", Tensor.Scalar(alpha))));
    }

    /// <summary>
    /// Layer normalization of a sum: inputs X, what is added to it, scale, bias, and a bias of the sum.
    /// </summary>
    public static void SkipLayerNormalization(Lowering l) =>
        Normalized(l, "LayerNormalization", bias: 4, [l.Node.Input(2), l.Node.Input(3)]);

    /// <summary>RMS normalization of a sum: inputs X, what is added to it, scale, and a bias of the sum.</summary>
    public static void SkipSimplifiedLayerNormalization(Lowering l) =>
        Normalized(l, "RMSNormalization", bias: 3, [l.Node.Input(2)]);

    private static void Normalized(Lowering l, string type, int bias, ImmutableArray<string> parameters)
    {
        for (int i = 1; i < Math.Min(3, l.Node.Outputs.Length); i++)
            if (l.Node.Outputs[i].Length > 0)
                throw new ModelException($"its output {i}, a mean or variance, is not supported");
        string sum = l.Make("Add", l.Node.Input(0), l.Node.Input(1));
        if (l.Has(bias))
            sum = l.Make("Add", sum, l.Node.Input(bias));
        var attributes = new Attributes(("axis", -1L), ("epsilon", l.Node.Attributes.Float("epsilon", SkipEpsilon)));
        l.Finish(l.Make(type, attributes, [sum, .. parameters]));
        if (l.Node.Outputs.Length > 3 && l.Node.Outputs[3].Length > 0)
            l.Finish(sum, 3);
    }

    private static string Operand(Lowering l, int input, string transposed)
    {
        string operand = l.Node.Input(input);
        if (!l.Node.Attributes.Flag(transposed) || l.Rank(input) is not (> 1 and var rank))
            return operand;
        long[] order = [.. Enumerable.Range(0, rank).Select(a => (long)a)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return l.Make("Transpose", new Attributes(("perm", order.ToImmutableArray())), operand);
    }

    private static string Activated(Lowering l, string y, ImmutableArray<float> parameters)
    {
        string activation = l.Node.Attributes.Text("activation", "");
        float Parameter(int i, float otherwise) => i < parameters.Length ? parameters[i] : otherwise;
        return activation switch
        {
            "" => y,
            "Relu" or "Sigmoid" or "Tanh" => l.Make(activation, y),
            "LeakyRelu" => l.Make(activation, new Attributes(("alpha", Parameter(0, 0.01f))), y),
            "HardSigmoid" => l.Make(
                activation,
                new Attributes(("alpha", Parameter(0, 0.2f)), ("beta", Parameter(1, 0.5f))),
                y
            ),
            "Clip" => l.Make(
                activation,
                y,
                l.Weight("min", Tensor.Scalar(Parameter(0, float.MinValue))),
                l.Weight("max", Tensor.Scalar(Parameter(1, float.MaxValue)))
            ),
            _ => throw new ModelException(
                $"its activation '{activation}' is not supported; supported are Relu, Sigmoid, Tanh, LeakyRelu, "
                    + "HardSigmoid and Clip"
            ),
        };
    }
}
