using Decant.Coding;
using Decant.Core;
using static Decant.Reports.ReportText;

namespace Decant.Reports;

/// <summary>A network, weight by weight, with its real size as a container.</summary>
/// <param name="Parameters">How many trainable numbers it has.</param>
/// <param name="NonZeros">How many of them are not zero.</param>
/// <param name="Macs">Multiply-accumulates for one image.</param>
/// <param name="Bytes">The length of the container that holds it.</param>
/// <param name="Layers">Its trainable weights.</param>
/// <param name="Sections">Every part of the container with its bytes; they add up to <paramref name="Bytes"/>.</param>
public sealed record NetworkReport(
    long Parameters,
    long NonZeros,
    long Macs,
    long Bytes,
    IReadOnlyList<LayerReport> Layers,
    IReadOnlyList<SectionReport> Sections
)
{
    /// <summary>
    /// Compression ratio: float32 bytes divided by file bytes; 40 for a file a 40th as large.
    /// </summary>
    public double Ratio => 4.0 * Parameters / Bytes;

    /// <summary>Its inputs, outputs and operators; null where nobody looked at them.</summary>
    public NetworkOutline? Outline { get; init; }

    /// <summary>The report as a document.</summary>
    public ReportDocument ToDocument() =>
        new(
            this,
            [
                LayerTable(),
                SectionTable(),
                .. Outline?.Parts() ?? [],
                new ReportLine(
                    $"{Count(Parameters)} parameters, {Count(NonZeros)} not zero, "
                        + $"{Count(Macs)} multiply-accumulates an image"
                ),
                new ReportLine($"{Count(Bytes)} bytes: {Number(Ratio, "0.0")}x smaller than 32-bit floats"),
            ]
        );

    private ReportTable LayerTable() =>
        ReportTable.Of(
            ["weight", "shape", "stored as", "parameters", "non-zero", "%", "bits", "MACs", "bytes"],
            Layers
                .Select(l =>
                    (IReadOnlyList<string>)
                        [
                            l.Name,
                            l.Shape,
                            l.Encoding,
                            Count(l.Parameters),
                            Count(l.NonZeros),
                            Percent(l.NonZeros, l.Parameters),
                            Count(l.Bits),
                            Count(l.Macs),
                            Count(l.Bytes),
                        ]
                )
                .Append([
                    "total",
                    "",
                    "",
                    Count(Parameters),
                    Count(NonZeros),
                    Percent(NonZeros, Parameters),
                    "",
                    Count(Macs),
                    Count(Layers.Sum(l => l.Bytes)),
                ]),
            words: 3
        );

    private ReportTable SectionTable() =>
        ReportTable.Of(
            ["part of the file", "coding", "codebook", "positions", "values", "bytes"],
            Sections
                .Select(s =>
                    (IReadOnlyList<string>)
                        [s.Name, s.Coding, Count(s.Codebook), Count(s.Positions), Count(s.Values), Count(s.Bytes)]
                )
                .Append(["whole file", "", "", "", "", Count(Bytes)]),
            words: 2
        );

    /// <summary>Reports on a network from the container that holds it.</summary>
    /// <exception cref="DecantException">The container is damaged.</exception>
    public static NetworkReport Of(Stream container)
    {
        using DcntReader reader = DcntReader.Open(container, leaveOpen: true);
        (Network network, DcntLayout layout) = reader.ReadAll();
        IReadOnlyList<SectionReport> sections = SectionReport.Of(layout);
        IReadOnlyList<LayerReport> layers = LayerReport.Of(
            network,
            layout
                .Sections.SelectMany(s => s.Weights)
                .ToDictionary(w => w.Name, w => w.Bytes.Total, StringComparer.Ordinal)
        );
        return new NetworkReport(
            layers.Sum(l => l.Parameters),
            layers.Sum(l => l.NonZeros),
            layers.Sum(l => l.Macs),
            container.Length,
            layers,
            sections
        );
    }

    /// <summary>Reports on a model: of a .dcnt file as it is, of another as a container would hold it.</summary>
    /// <exception cref="DecantException">The file is missing or damaged.</exception>
    public static NetworkReport Load(string model)
    {
        if (Path.GetExtension(model) != DcntFormat.Extension || !File.Exists(model))
            return Of(Models.Load(model));
        using FileStream file = File.OpenRead(model);
        return Of(file);
    }

    /// <summary>Reports on a network as a container would hold it.</summary>
    public static NetworkReport Of(Network network)
    {
        using FileStream container = TemporaryFile.Create();
        DcntWriter.Write(network, container);
        container.Position = 0;
        return Of(container);
    }
}

/// <summary>One part of a container.</summary>
/// <param name="Name">header, description, or the weights it holds.</param>
/// <param name="Coding">How its numbers are coded; empty where it holds none.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Codebook">Bytes of centroids.</param>
/// <param name="Positions">Bytes that say where the non-zeros are.</param>
/// <param name="Values">Bytes of indices or numbers.</param>
public sealed record SectionReport(string Name, string Coding, long Bytes, long Codebook, long Positions, long Values)
{
    internal static IReadOnlyList<SectionReport> Of(DcntLayout layout)
    {
        List<SectionReport> parts = [new("header", "", layout.HeaderLength, 0, 0, 0)];
        foreach (DcntSection section in layout.Sections)
            parts.AddRange(Of(section));
        return parts;
    }

    /// <summary>A section's weights, and what the section itself costs beyond them.</summary>
    private static IEnumerable<SectionReport> Of(DcntSection section)
    {
        foreach (DcntWeight w in section.Weights)
            yield return new SectionReport(
                w.Name,
                w.Bytes.Method.ToString().ToLowerInvariant(),
                w.Bytes.Total,
                w.Bytes.Codebook,
                w.Bytes.Positions,
                w.Bytes.Values
            );
        long rest = section.Length - section.Weights.Sum(w => w.Bytes.Total);
        if (rest != 0)
            yield return new SectionReport(
                section.Weights.Count == 0 ? section.Kind.ToString().ToLowerInvariant() : "section marks",
                "",
                rest,
                0,
                0,
                0
            );
    }
}
