using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>A network without its numbers.</summary>
internal sealed record Description(
    string Name,
    ImmutableArray<ValueInfo> Inputs,
    ImmutableArray<ValueInfo> Outputs,
    ImmutableArray<Node> Nodes,
    ImmutableArray<(string Name, WeightForm Form)> Weights,
    ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>Nothing: what a decoder starts from.</summary>
    public static Description Empty { get; } = new("", [], [], [], [], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public static Description Of(Network network) => new(network.Name, network.Inputs, network.Outputs, network.Nodes,
        [.. network.Weights.Select(w => (w.Name, WeightForm.Of(w.Encoding)))], network.Metadata);

    /// <summary>The network with its numbers.</summary>
    public Network With(IReadOnlyList<Encoding> encodings) =>
        new(Name, Inputs, Outputs, Nodes, Weights.Select((w, i) => new Weight(w.Name, encodings[i])), Metadata);

    /// <summary>Writes it as a section.</summary>
    public byte[] Write()
    {
        var bytes = new ByteWriter();
        var coder = new DescriptionCoder<RangeEncoder>(new RangeEncoder(bytes), TypicalDescription.Learnt(long.MaxValue));
        new DescriptionModel<RangeEncoder>(coder).Code(this);
        coder.Coder.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads a section.</summary>
    /// <exception cref="DecantException">It is damaged.</exception>
    public static Description Read(ReadOnlyMemory<byte> bytes)
    {
        var coder = new DescriptionCoder<RangeDecoder>(new RangeDecoder(bytes), TypicalDescription.Learnt(65536 + 1024L * bytes.Length));
        return new DescriptionModel<RangeDecoder>(coder).Code(Empty);
    }
}
