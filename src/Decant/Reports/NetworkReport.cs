using Decant.Coding;
using Decant.Core;

namespace Decant.Reports;

/// <summary>A network, weight by weight, with its real size as a container.</summary>
/// <param name="Parameters">How many trainable numbers it has.</param>
/// <param name="NonZeros">How many of them are not zero.</param>
/// <param name="Macs">Multiply-accumulates for one image.</param>
/// <param name="Bytes">The length of the container that holds it.</param>
/// <param name="Layers">Its trainable weights.</param>
/// <param name="Sections">Every part of the container with its bytes; they add up to <paramref name="Bytes"/>.</param>
public sealed record NetworkReport(
    long Parameters, long NonZeros, long Macs, long Bytes, IReadOnlyList<LayerReport> Layers, IReadOnlyList<SectionReport> Sections)
{
    /// <summary>The share that the container takes of the numbers as 32-bit floats, turned over: 40 for a file a 40th as large.</summary>
    public double Ratio => 4.0 * Parameters / Bytes;

    /// <summary>Reports on a network from the container that holds it.</summary>
    /// <exception cref="DecantException">The container is damaged.</exception>
    public static NetworkReport Of(Stream container)
    {
        using DcntReader reader = DcntReader.Open(container, leaveOpen: true);
        Network network = reader.ReadNetwork();
        IReadOnlyList<SectionReport> sections = SectionReport.Of(reader.ReadLayout());
        LayerReport[] layers = [.. LayersOf(network, sections)];
        return new NetworkReport(
            layers.Sum(l => l.Parameters), layers.Sum(l => l.NonZeros), layers.Sum(l => l.Macs), container.Length, layers, sections);
    }

    /// <summary>Reports on a model: of a .dcnt file as it is, of another as a container would hold it.</summary>
    /// <exception cref="DecantException">The file is missing or damaged.</exception>
    public static NetworkReport Load(string model)
    {
        if (Path.GetExtension(model) != DcntFormat.Extension || !File.Exists(model)) return Of(Models.Load(model));
        using FileStream file = File.OpenRead(model);
        return Of(file);
    }

    /// <summary>Reports on a network as a container would hold it.</summary>
    public static NetworkReport Of(Network network)
    {
        using var container = new MemoryStream();
        DcntWriter.Write(network, container);
        container.Position = 0;
        return Of(container);
    }

    private static IEnumerable<LayerReport> LayersOf(Network network, IReadOnlyList<SectionReport> sections)
    {
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        var bytes = sections.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.Sum(s => s.Bytes), StringComparer.Ordinal);
        foreach (Weight w in network.Weights.Where(w => w.IsTrainable))
        {
            // A node's cost belongs to the one weight it multiplies by, not to its bias too.
            long macs = network.Nodes.Where(n => n.Inputs.Length > 1 && n.Inputs[1] == w.Name).Sum(shapes.Macs);
            Encoding e = w.Encoding;
            yield return new LayerReport(w.Name, e.Shape.ToString(), e.Kind, e.Count, e.NonZeros, e.Bits, macs, bytes.GetValueOrDefault(w.Name));
        }
    }
}
