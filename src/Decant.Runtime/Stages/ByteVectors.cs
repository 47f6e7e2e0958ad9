using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Stages;

/// <summary>Bytes as whole numbers, eight at a time.</summary>
internal static unsafe class ByteVectors
{
    /// <summary>Eight bytes without sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Eight(byte* at)
    {
        if (Avx2.IsSupported) return Avx2.ConvertToVector256Int32(at);
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)at).AsByte());
        return Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32();
    }
}
