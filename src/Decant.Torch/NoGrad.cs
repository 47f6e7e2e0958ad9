using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>While it lives, operators on this thread record no gradient graph: <c>using (new NoGrad()) { … }</c>.</summary>
public readonly ref struct NoGrad : IDisposable
{
    private readonly bool _restore;

    /// <summary>Turns gradient recording off on this thread.</summary>
    public NoGrad() => _restore = Native.dt_grad_mode(0) != 0;

    /// <summary>Whether operators on this thread record a gradient graph now.</summary>
    public static bool IsRecording => Native.dt_grad_mode(-1) != 0;

    /// <summary>Restores what was set before.</summary>
    public void Dispose()
    {
        if (_restore) _ = Native.dt_grad_mode(1);
    }
}
