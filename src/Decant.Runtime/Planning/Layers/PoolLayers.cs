using Decant.Runtime.Memory;
using Decant.Runtime.Stages;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans pooling over one or two axes.</summary>
internal static class PoolLayers
{
    /// <summary>Adds the stage of a pooling layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            node.Outputs.Length > 1
            || plan.Known.FloatShape(node.Inputs[0]) is not { Rank: 3 or 4, Count: > 0 } x
            || plan.Known.FloatShape(operation.Output) is not { Count: > 0 }
        )
            return false;
        ImageWindow window = node.Operator switch
        {
            Operators.MaxPool max => Of(max.Window, x),
            Operators.AveragePool average => Of(average.Window, x),
            _ => new ImageWindow(x.Rank == 4 ? x[2] : 1, x[-1], 1, 1, 1, 1, default),
        };
        bool mean = node.Operator is not Operators.MaxPool,
            countPadding = node.Operator is Operators.AveragePool && node.Operator.Attributes.Flag("count_include_pad");
        if (!mean && plan.Bytes(node.Inputs[0]) is { } bytes)
        {
            plan.Add(
                new BytePooling(bytes, plan.NewBytes(operation.Output, bytes.Range), window)
                {
                    Name = node.Name,
                    Kernel = "bytes",
                }
            );
            return true;
        }
        if (x.Rank == 4 && plan.IsPlain(node.Inputs[0]) && !plan.IsImage(node.Inputs[0]) && x[1] > 1)
        {
            PlanBuffer planes = plan.Plain(node.Inputs[0])!;
            plan.Add(
                new PlanePooling(
                    planes,
                    plan.NewPlain(operation.Output),
                    x,
                    plan.Known.FloatShape(operation.Output)!.Value,
                    window,
                    mean,
                    countPadding
                )
                {
                    Name = node.Name,
                    Kernel = "channels first",
                }
            );
            return true;
        }
        var layer = new PoolLayer(
            node.Name,
            plan.Image(node.Inputs[0])!,
            plan.NewImage(operation.Output),
            window,
            mean,
            countPadding
        );
        plan.Add(
            new Pooling(layer, plan.Options.Width, plan.Options.Threads) { Name = node.Name, Kernel = "channels last" }
        );
        return true;
    }

    private static ImageWindow Of(Window window, Shape x) =>
        ImageWindow.Of(window, x, x.Rank == 4 ? window.Kernel[0] : 1, window.Kernel[^1]);
}
