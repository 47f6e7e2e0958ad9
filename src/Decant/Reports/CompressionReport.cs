using Decant.Core;
using Decant.Data;
using Decant.Speed;

namespace Decant.Reports;

/// <summary>
/// What a compression run came to. Sizes are lengths of files, scores those of the file as decoded.
/// </summary>
/// <param name="File">The file written; empty if none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Ratio">Compression ratio: the network's parameters as 32-bit floats, over that length.</param>
/// <param name="Before">The score of the network that went in; null if no data are given.</param>
/// <param name="After">The score of the file; null if no data are given.</param>
/// <param name="Stages">The network that went in, and after each stage.</param>
public sealed record CompressionReport(
    string File,
    long Bytes,
    double Ratio,
    Score? Before,
    Score? After,
    IReadOnlyList<StageReport> Stages
)
{
    /// <summary>The task that was scored; empty if no data are given.</summary>
    public string Task { get; init; } = "";

    /// <summary>What was assumed of the network's preprocessing, in a sentence; null if nothing was.</summary>
    public string? AssumedPreprocessing { get; init; }

    /// <summary>
    /// The file's time over that of the network that went in, in the managed runtime on one thread; null if it was not
    /// measured.
    /// </summary>
    public Timing? TimeRatio { get; init; }

    /// <summary>
    /// What a person should know, a line each: where the primary metric collapsed and which layer is to blame, where
    /// compression brought no speed or no size.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A network after a stage.</summary>
/// <param name="Name">The stage; "reference" for the network that went in.</param>
/// <param name="Bytes">The length of the container that holds the network then.</param>
/// <param name="Score">The score of the decoded container; null if no data are given.</param>
/// <param name="Layers">Its weights.</param>
public sealed record StageReport(string Name, long Bytes, Score? Score, IReadOnlyList<LayerReport> Layers);

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
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
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
