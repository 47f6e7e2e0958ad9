using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>Losses: of scores N×C×…, classes N×…, and a weight for each class.</summary>
internal static class Losses
{
    /// <summary>−weight[class]·score[class], and its sum or weighted mean.</summary>
    public static void NegativeLogLikelihood(Lowering l)
    {
        l.EnsureCounts(2, 3);
        Lower(l, l.Node.Input(0));
    }

    /// <summary>The same of the logarithm of softmax along axis 1, which is output 1.</summary>
    public static void SoftmaxCrossEntropy(Lowering l)
    {
        l.EnsureCounts(2, 3, 2);
        string logarithms = l.Make("LogSoftmax", new Attributes(("axis", 1L)), l.Node.Input(0));
        Lower(l, logarithms);
        if (l.Makes(1))
            l.Finish(l.Make("Identity", logarithms), 1);
    }

    private static void Lower(Lowering l, string scores)
    {
        Attributes attributes = l.Node.Attributes;
        attributes.EnsureOnly("ignore_index", "reduction");
        string reduction = attributes.Text("reduction", "mean");
        if (reduction is not ("none" or "sum" or "mean"))
            throw new ModelException($"reduction is '{reduction}'; none, sum and mean are possible");
        string classes = l.Node.Input(1),
            zero = l.Number("zero", 0),
            weights = l.Has(2) ? l.Node.Input(2) : "",
            isIgnored = "";
        if (attributes.Has("ignore_index"))
        {
            classes = l.Cast(classes, ElementType.Int64);
            isIgnored = l.Make("Equal", classes, l.Weight("ignored", Tensor.Scalar(attributes.Int("ignore_index"))));
            classes = l.Make("Where", isIgnored, l.Weight("any", Tensor.Scalar(0L)), classes);
        }
        string axis = l.Numbers("axis", 1),
            picked = l.Make("GatherElements", new Attributes(("axis", 1L)), scores, l.Make("Unsqueeze", classes, axis)),
            loss = l.Make("Neg", l.Make("Squeeze", picked, axis));
        if (weights.Length > 0)
            weights = l.Make("Gather", weights, classes);
        else if (isIgnored.Length > 0)
            weights = l.Make("Expand", l.Number("one", 1), l.Make("Shape", classes));
        if (isIgnored.Length > 0)
            weights = l.Make("Where", isIgnored, zero, weights);
        if (weights.Length > 0)
            loss = l.Make("Mul", loss, weights);
        l.Finish(Reduced(l, reduction, loss, weights));
    }

    private static string Reduced(Lowering l, string reduction, string loss, string weights)
    {
        var whole = new Attributes(("keepdims", 0L));
        return reduction switch
        {
            "none" => loss,
            "sum" => l.Make("ReduceSum", whole, loss),
            _ when weights.Length == 0 => l.Make("ReduceMean", whole, loss),
            _ => l.Make("Div", l.Make("ReduceSum", whole, loss), l.Make("ReduceSum", whole, weights)),
        };
    }
}
