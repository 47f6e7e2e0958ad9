namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans layers that only give a value another shape: nothing is copied, unless images must be brought to ONNX's order.</summary>
internal static class ShapeLayers
{
    /// <summary>Renames a value; false if its shape is not known.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        string input = operation.Node.Inputs[0], output = operation.Output;
        if (plan.Known.FloatShape(input) is not { } x || plan.Known.FloatShape(output) is not { } y || plan.Known.IsConstant(input)) return false;
        if (plan.IsImage(input) && x.Rank is 3 or 4 && y.Rank == 2 && y[0] == x[0] && plan.Image(input)!.IsDense) plan.Flatten(output, input);
        else if (plan.Plain(input) is { } buffer) plan.Alias(output, buffer);
        return true;
    }
}
