namespace Decant.Runtime.Kernels;

/// <summary>A logical operation.</summary>
internal interface ILogic
{
    static abstract bool Apply(bool x, bool y);
}

/// <summary>Element-wise logical operations of two tensors of bools, broadcast.</summary>
internal static class Logic
{
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context) where TOp : ILogic
    {
        Tensor a = inputs[0]!, b = inputs[1]!, result = Tensor.Zeros(ElementType.Bool, context.Output);
        if (a.Type != ElementType.Bool || b.Type != ElementType.Bool) throw new ModelException($"inputs of {a} and {b}; they must be Bool");
        var loops = new BroadcastLoops(context.Output, a.Shape, b.Shape);
        loops.Run(new Row<TOp>(a.Array<bool>(), loops.Step(0), b.Array<bool>(), loops.Step(1), result.Array<bool>()), context.Threads);
        return result;
    }

    private readonly struct Row<TOp>(bool[] x, int xStep, bool[] y, int yStep, bool[] z) : IRowKernel where TOp : ILogic
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            for (int k = 0; k < count; k++) z[to + k] = TOp.Apply(x[at[0] + k * xStep], y[at[1] + k * yStep]);
        }
    }
}
