namespace Decant.Core.Channels;

/// <summary>Constant inputs of nodes.</summary>
internal static class NetworkConstants
{
    /// <summary>A constant input; null if it is left out or not constant.</summary>
    public static Encoding? Constant(this Network network, Node node, int input) =>
        input < node.Inputs.Length && network.Weights.TryGet(node.Inputs[input], out Weight? w) ? w.Encoding : null;

    /// <summary>The integers of a constant input; null if it is left out or not constant.</summary>
    public static long[]? Integers(this Network network, Node node, int input) =>
        network.Constant(node, input) switch
        {
            { Type: ElementType.Int64 } e => e.Decode().Span<long>().ToArray(),
            { Type: ElementType.Int32 } e => Array.ConvertAll(e.Decode().Array<int>(), x => (long)x),
            _ => null,
        };
}
