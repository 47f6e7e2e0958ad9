using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.OnnxRuntime.Interop;

/// <summary>Names as zero-ended UTF-8, until let go.</summary>
internal sealed class OrtNames(IEnumerable<ValueInfo> values) : IDisposable
{
    /// <summary>One pointer a name.</summary>
    public nint[] Pointers { get; } = [.. values.Select(v => Marshal.StringToCoTaskMemUTF8(v.Name))];

    public void Dispose()
    {
        foreach (nint pointer in Pointers)
            Marshal.FreeCoTaskMem(pointer);
        Array.Clear(Pointers);
    }
}
