using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Binary;

/// <summary>
/// Groups of signs, one a byte and each of another output, whose differences from one group of inputs a table counts.
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface IByteLanes<V>
    where V : struct
{
    /// <summary>How many bytes.</summary>
    static abstract int Count { get; }

    /// <summary>Signs of a group; a table has an entry for each of their patterns.</summary>
    static abstract int Bits { get; }

    static abstract V Load(byte* at);

    /// <summary>For each group of weights, the entry of the table.</summary>
    static abstract V Look(V table, V groups);

    static abstract V Add(V a, V b);

    /// <summary>Adds bytes to counts of 16 bits.</summary>
    static abstract void AddTo(V bytes, ushort* counts);
}

/// <inheritdoc/>
internal unsafe struct Bytes64 : IByteLanes<Vector512<byte>>
{
    public static int Count => 64;

    public static int Bits => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* at) => Vector512.Load(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Look(Vector512<byte> table, Vector512<byte> groups) =>
        Avx512Vbmi.PermuteVar64x8(table, groups);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> a, Vector512<byte> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(Vector512<byte> bytes, ushort* counts)
    {
        (Vector512.Load(counts) + Vector512.WidenLower(bytes)).Store(counts);
        (Vector512.Load(counts + 32) + Vector512.WidenUpper(bytes)).Store(counts + 32);
    }
}

/// <inheritdoc/>
internal unsafe struct Bytes32 : IByteLanes<Vector256<byte>>
{
    public static int Count => 32;

    public static int Bits => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* at) => Vector256.Load(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Look(Vector256<byte> table, Vector256<byte> groups) => Avx2.Shuffle(table, groups);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> a, Vector256<byte> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(Vector256<byte> bytes, ushort* counts)
    {
        (Vector256.Load(counts) + Vector256.WidenLower(bytes)).Store(counts);
        (Vector256.Load(counts + 16) + Vector256.WidenUpper(bytes)).Store(counts + 16);
    }
}

/// <inheritdoc/>
internal unsafe struct Bytes16 : IByteLanes<Vector128<byte>>
{
    public static int Count => 16;

    public static int Bits => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* at) => Vector128.Load(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Look(Vector128<byte> table, Vector128<byte> groups) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, groups)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.VectorTableLookup(table, groups)
        : Vector128.Shuffle(table, groups);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(Vector128<byte> bytes, ushort* counts)
    {
        (Vector128.Load(counts) + Vector128.WidenLower(bytes)).Store(counts);
        (Vector128.Load(counts + 8) + Vector128.WidenUpper(bytes)).Store(counts + 8);
    }
}

/// <summary>
/// One byte, counted and not looked up: the reference. Its table holds the pattern itself, 255 where nothing counts.
/// </summary>
internal unsafe struct Bytes1 : IByteLanes<byte>
{
    public static int Count => 1;

    public static int Bits => 4;

    public static byte Load(byte* at) => *at;

    public static byte Look(byte table, byte groups) =>
        table == byte.MaxValue ? (byte)0 : (byte)BitOperations.PopCount((uint)(table ^ groups));

    public static byte Add(byte a, byte b) => (byte)(a + b);

    public static void AddTo(byte bytes, ushort* counts) => *counts += bytes;
}
