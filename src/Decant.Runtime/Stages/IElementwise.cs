using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>An element-wise function, written once for every width.</summary>
internal interface IElementwise
{
    /// <summary>f(a, b, c, p, q).</summary>
    static abstract V Apply<V, S>(V a, V b, V c, V p, V q) where V : unmanaged where S : struct, ISimd<V>;
}
