using System.Runtime.Intrinsics;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>The transforms at one width.</summary>
internal readonly unsafe struct WinogradMethods
{
    private WinogradMethods(
        delegate*<float*, nint, nint, float*, nint, float*, void> input, delegate*<float*, nint, float*, float*, void> output,
        delegate*<float*, ref WinogradPlace, int, int, void> write, delegate*<float*, float*, nint, void> filter)
    {
        Input = input;
        Output = output;
        Write = write;
        Filter = filter;
    }

    /// <summary><see cref="WinogradTransform{V, S}.Input"/>.</summary>
    public delegate*<float*, nint, nint, float*, nint, float*, void> Input { get; }

    /// <summary><see cref="WinogradTransform{V, S}.Output"/>.</summary>
    public delegate*<float*, nint, float*, float*, void> Output { get; }

    /// <summary><see cref="WinogradEnd{V, S}.Write"/>.</summary>
    public delegate*<float*, ref WinogradPlace, int, int, void> Write { get; }

    /// <summary><see cref="WinogradTransform{V, S}.Filter"/>.</summary>
    public delegate*<float*, float*, nint, void> Filter { get; }

    /// <summary>The methods of a width.</summary>
    public static WinogradMethods For(VectorWidth width) => width switch
    {
        VectorWidth.V512 => Of<Vector512<float>, Simd512>(),
        VectorWidth.V256 => Of<Vector256<float>, Simd256>(),
        VectorWidth.V128 => Of<Vector128<float>, Simd128>(),
        _ => Of<float, SimdScalar>(),
    };

    private static WinogradMethods Of<V, S>() where V : unmanaged where S : struct, ISimd<V> =>
        new(&WinogradTransform<V, S>.Input, &WinogradTransform<V, S>.Output, &WinogradEnd<V, S>.Write, &WinogradTransform<V, S>.Filter);
}
