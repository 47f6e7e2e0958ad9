using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>A network without its numbers.</summary>
internal sealed record Description(
    string Name,
    ImmutableArray<ValueInfo> Inputs,
    ImmutableArray<ValueInfo> Outputs,
    ImmutableArray<Node> Nodes,
    ImmutableArray<(string Name, WeightCodec Codec)> Weights,
    ImmutableSortedDictionary<string, string> Metadata
)
{
    /// <summary>Nothing: what a decoder starts from.</summary>
    public static Description Empty { get; } =
        new("", [], [], [], [], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public static Description Of(Network network) =>
        new(
            network.Name,
            network.Inputs,
            network.Outputs,
            network.Nodes,
            [.. network.Weights.Select(w => (w.Name, WeightCodec.Of(w.Encoding)))],
            network.Metadata
        );

    /// <summary>The network with its numbers.</summary>
    public Network With(IReadOnlyList<Encoding> encodings) =>
        new(Name, Inputs, Outputs, Nodes, Weights.Select((w, i) => new Weight(w.Name, encodings[i])), Metadata);

    /// <summary>
    /// Writes it as a section, with zeros at the end if it says very much in few bytes: see <see cref="Budget"/>.
    /// </summary>
    public byte[] Write()
    {
        var bytes = new ByteWriter();
        EventModel events = TypicalDescription.Learnt(long.MaxValue);
        var coder = new DescriptionCoder<RangeEncoder>(new RangeEncoder(bytes), events);
        new DescriptionModel<RangeEncoder>(coder).Code(this);
        coder.Coder.Flush();
        while (events.Coded > Budget(bytes.Length))
            bytes.Byte(0);
        return bytes.ToArray();
    }

    /// <summary>Reads a section.</summary>
    /// <exception cref="DecantException">It is damaged.</exception>
    public static Description Read(ReadOnlyMemory<byte> bytes)
    {
        var coder = new DescriptionCoder<RangeDecoder>(
            new RangeDecoder(bytes),
            TypicalDescription.Learnt(Budget(bytes.Length))
        );
        return new DescriptionModel<RangeDecoder>(coder).Code(Empty);
    }

    /// <summary>How many numbers so many bytes may code, so that a damaged stream comes to an end.</summary>
    private static long Budget(int length) => 4096 + 1024L * length;
}

/// <summary>
/// The fields of a description: each has statistics of its own. Numbered as in the container's version 1.
/// </summary>
internal enum Field : uint
{
    Count,
    Text,
    Share,
    Reference,
    ElementType,
    Rank,
    Extent,
    ExtentGuess,
    Operator,
    AttributeCount,
    AttributeName,
    AttributeKind,
    AttributeLength,
    AttributeNumber,
    AttributeByte,
    InputCount,
    InputKind,
    InputDistance,
    InputWeight,
    OutputCount,
    NodeName,
    WeightKind,
    Flag,
    OutputDistance,
}

/// <summary>A node while its weights' names are still to come.</summary>
internal sealed class NodeDraft(uint operatorNumber, Operator op)
{
    public uint OperatorNumber { get; } = operatorNumber;

    public Operator Operator { get; } = op;

    public string Name { get; set; } = "";

    /// <summary>The first input that is not a weight; empty if there is none.</summary>
    public string Data { get; set; } = "";

    /// <summary>Inputs: a name, or the number of a weight (else -1).</summary>
    public List<(string Name, int Weight)> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Node Finish(ImmutableArray<(string Name, WeightCodec Codec)> weights) =>
        new(Name, Operator, [.. Inputs.Select(i => i.Weight < 0 ? i.Name : weights[i.Weight].Name)], [.. Outputs]);
}
