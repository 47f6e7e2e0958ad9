using Decant.Runtime.Forms.Sparse;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>A small fully connected layer by the weights that are not zero, row by row of its inputs.</summary>
internal sealed unsafe class WindowedLinear(LinearLayer layer, WindowedProduct product) : Stage
{
    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind()
    {
    }

    public override void Run(int piece, float* scratch)
    {
        for (int row = 0; row < layer.Rows; row++)
            product.Run(layer.Input.Address + (nint)row * layer.Depth, layer.Output.Address + (nint)row * layer.Outputs, 0, product.Groups);
    }
}
