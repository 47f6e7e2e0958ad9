using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans batch normalizations with constant statistics: a scale and a shift for each channel.</summary>
internal static class Normalizations
{
    /// <summary>Adds the stage of a normalization; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (node.Outputs.Length > 1 || !node.Inputs.Skip(1).All(plan.Known.IsConstant) || plan.Image(node.Inputs[0]) is not { } x) return false;
        var (scale, shift) = ScaleAndShift(node, plan.Known);
        Walk to = Walk.Of(plan.NewImage(operation.Output), byPixel: true);
        plan.Add(Elementwise.Of<ElementwiseFunctions.MultiplyAdd>(node.Name, "scale and shift", to,
            [new Operand(Walk.Of(x, byPixel: true)), new Operand(scale), new Operand(shift)], operation.Low, operation.High, plan.Options.Width, plan.Options.Threads));
        return true;
    }

    /// <summary>x·scale + shift is the normalization of x.</summary>
    public static (float[] Scale, float[] Shift) ScaleAndShift(Node node, KnownValues known)
    {
        float[] Numbers(int i) => known.Constant(node.Inputs[i])!.Array<float>();
        float[] gamma = Numbers(1), beta = Numbers(2), mean = Numbers(3), variance = Numbers(4);
        double epsilon = ((Operators.BatchNormalization)node.Operator).Epsilon;
        var (scale, shift) = (new float[gamma.Length], new float[gamma.Length]);
        for (int c = 0; c < scale.Length; c++)
        {
            double s = gamma[c] / Math.Sqrt(variance[c] + epsilon);
            (scale[c], shift[c]) = ((float)s, (float)(beta[c] - mean[c] * s));
        }
        return (scale, shift);
    }
}
