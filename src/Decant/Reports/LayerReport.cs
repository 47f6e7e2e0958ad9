using Decant.Core;

namespace Decant.Reports;

/// <summary>One weight of a network as it is stored.</summary>
/// <param name="Name">The weight's name.</param>
/// <param name="Shape">Its shape, as people write it.</param>
/// <param name="Encoding">How its numbers are held.</param>
/// <param name="Parameters">How many numbers.</param>
/// <param name="NonZeros">How many are not zero.</param>
/// <param name="Bits">Bits a number before entropy coding.</param>
/// <param name="Macs">Multiply-accumulates of the operators that read it, for one image.</param>
/// <param name="Bytes">Bytes in the container.</param>
public sealed record LayerReport(
    string Name,
    string Shape,
    string Encoding,
    long Parameters,
    long NonZeros,
    int Bits,
    long Macs,
    long Bytes
)
{
    /// <summary>Reports on a network's trainable weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="bytes">What each weight takes in its container, by name.</param>
    internal static IReadOnlyList<LayerReport> Of(Network network, IReadOnlyDictionary<string, long> bytes)
    {
        NetworkShapes shapes = NetworkShapes.OfOneExample(network);
        // A node's cost belongs to the one weight it multiplies by, not to its bias too.
        long MacsOf(string weight) =>
            network.Nodes.Where(n => n.Inputs.Length > 1 && n.Inputs[1] == weight).Sum(shapes.Macs);
        return
        [
            .. network
                .Weights.Where(w => w.IsTrainable)
                .Select(w => (w.Name, Is: w.Encoding))
                .Select(w => new LayerReport(
                    w.Name,
                    w.Is.Shape.ToString(),
                    w.Is.Kind,
                    w.Is.Count,
                    w.Is.NonZeros,
                    w.Is.Bits,
                    MacsOf(w.Name),
                    bytes.GetValueOrDefault(w.Name)
                )),
        ];
    }
}
