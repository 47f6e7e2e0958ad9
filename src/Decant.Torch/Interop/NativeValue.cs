using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>One argument or result as the native side sees it (<c>Value</c> in decant_torch.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;
    public long Bits;
}
