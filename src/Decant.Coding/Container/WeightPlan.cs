using Decant.Core;

namespace Decant.Coding;

/// <summary>Which weights lie in which section.</summary>
internal sealed class WeightPlan
{
    private readonly Description description;
    private readonly List<int>[] weightsOf;
    private readonly int[] sectionOf;

    /// <summary>Lays a description's weights out over the sections that follow it.</summary>
    /// <exception cref="FileFormatException">The sections are not those that the weights need, or the weights decode to
    /// more bytes than allowed.</exception>
    public WeightPlan(Description description, IReadOnlyList<SectionEntry> sections, DcntReadOptions options)
    {
        this.description = description;
        var expected = new List<DcntSectionKind> { DcntSectionKind.Description };
        sectionOf = new int[description.Weights.Length];
        bool anyShared = description.Weights.Any(w => DcntFormat.IsShared(w.Codec));
        if (anyShared)
            expected.Add(DcntSectionKind.SharedWeights);
        for (int i = 0; i < sectionOf.Length; i++)
        {
            sectionOf[i] = DcntFormat.IsShared(description.Weights[i].Codec) ? 1 : expected.Count;
            if (sectionOf[i] == expected.Count)
                expected.Add(DcntSectionKind.Weight);
        }
        if (!expected.SequenceEqual(sections.Select(s => s.Kind)))
            throw new FileFormatException(
                $"the description needs {expected.Count} sections, the file has {sections.Count} or of "
                    + "other kinds: it is damaged"
            );
        weightsOf = [.. sections.Select(_ => new List<int>())];
        for (int i = 0; i < sectionOf.Length; i++)
            weightsOf[sectionOf[i]].Add(i);
        CheckSize(options);
    }

    public int SectionOf(int weight) => sectionOf[weight];

    public IReadOnlyList<int> WeightsOf(int section) => weightsOf[section];

    /// <summary>How messages call a section.</summary>
    public string NameOf(int section) =>
        section == 0 ? "the description"
        : weightsOf[section] is [var only] ? $"weight '{description.Weights[only].Name}'"
        : $"the small weights ('{description.Weights[weightsOf[section][0]].Name}' and "
            + $"{weightsOf[section].Count - 1} more)";

    /// <summary>Decodes the weights of a section.</summary>
    /// <param name="section">Its number.</param>
    /// <param name="read">Reads the bytes of a section.</param>
    /// <exception cref="DecantException">It is damaged.</exception>
    public IEnumerable<(int Weight, Encoding Encoding, WeightBytes Bytes)> Decode(
        int section,
        Func<int, ReadOnlyMemory<byte>> read
    )
    {
        List<int> weights = weightsOf[section];
        ReadOnlyMemory<byte> bytes = read(section);
        try
        {
            var decoded =
                section == 1 && DcntFormat.IsShared(description.Weights[weights[0]].Codec)
                    ? SharedWeights.Decode(
                        [.. weights.Select(w => description.Weights[w].Codec)],
                        bytes,
                        NameOf(section)
                    )
                    :
                    [
                        WeightCoding.Decode(description.Weights[weights[0]].Codec, bytes, NameOf(section), back =>
                            Earlier(section, back, read)
                        ),
                    ];
            return weights.Zip(decoded, (w, d) => (w, d.Encoding, d.Bytes));
        }
        catch (ModelException e)
        {
            throw new FileFormatException($"{NameOf(section)} is damaged: {e.Message}", e);
        }
    }

    /// <summary>
    /// The dense weight that a section's is coded after. It stands alone, and is of the same type and shape: so a file
    /// cannot ask for more than twice the work.
    /// </summary>
    private Tensor Earlier(int section, int back, Func<int, ReadOnlyMemory<byte>> read)
    {
        int other = section - back;
        WeightCodec codec = description.Weights[weightsOf[section][0]].Codec;
        if (other < 1 || DcntFormat.IsShared(description.Weights[weightsOf[other][0]].Codec))
            throw new FileFormatException($"it follows section {other}, which is not of one weight");
        if (description.Weights[weightsOf[other][0]].Codec != codec)
            throw new FileFormatException($"it follows {NameOf(other)}, which is of another type or shape");
        return WeightCoding.Decode(codec, read(other), NameOf(other)).Encoding.Decode();
    }

    private void CheckSize(DcntReadOptions options)
    {
        long total = 0;
        foreach (var (_, codec) in description.Weights)
        {
            total += codec.Shape.Count * codec.Type.Size();
            if (total > options.MaxDecodedBytes)
                throw new FileFormatException(
                    $"the weights decode to more than {options.MaxDecodedBytes} bytes; a higher "
                        + $"{nameof(DcntReadOptions.MaxDecodedBytes)} would let them"
                );
        }
    }
}
