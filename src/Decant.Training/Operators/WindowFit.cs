using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>A node's window, worked out again only when the extents that it slides over change.</summary>
internal sealed class WindowFit(Window window)
{
    private long[] extents = [];
    private WindowOnTorch? fitted;

    /// <summary>The window on an input.</summary>
    public WindowOnTorch On(TorchTensor x, ReadOnlySpan<long> kernel)
    {
        if (fitted is null || !IsSame(x)) (extents, fitted) = (x.Shape, WindowOnTorch.Of(window, x, kernel));
        return fitted;
    }

    private bool IsSame(TorchTensor x)
    {
        if (extents.Length != x.Rank) return false;
        for (int i = 2; i < extents.Length; i++)
            if (x.Size(i) != extents[i]) return false;
        return true;
    }
}
