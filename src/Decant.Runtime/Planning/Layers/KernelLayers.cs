using Decant.Runtime.Kernels;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans everything else: the node's kernel runs on tensors.</summary>
internal static class KernelLayers
{
    /// <summary>Adds the stage of a kernel.</summary>
    /// <exception cref="ModelException">The node's operator has no kernel.</exception>
    public static void Add(Node node, PlanBuilder plan)
    {
        Kernel kernel = KernelCatalogue.For(node);
        int[] reads = [.. node.Inputs.Select(plan.Slot)], makes = [.. node.Outputs.Select(plan.NewSlot)];
        plan.Add(new KernelStage(new Step(node, kernel, reads, makes, []), plan.Options.Threads)
        { Name = node.Name, Form = "kernel", Macs = plan.Known.Macs(node) });
    }
}
