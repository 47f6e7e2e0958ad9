using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Reads a .dcnt file: the description at once, each weight when it is asked for. Safe to use from several threads.
/// Every section's checksum is checked before it is decoded.
/// </summary>
public sealed class DcntReader : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly int threads;
    private readonly SectionTable table;
    private readonly Description description;
    private readonly WeightPlan plan;
    private readonly Lock gate = new();

    private DcntReader(Stream stream, DcntReadOptions options, bool leaveOpen)
    {
        (this.stream, this.leaveOpen, threads) = (stream, leaveOpen, options.Threads);
        table = SectionTable.Read(stream, stream.Length);
        if (table.Entries is not [{ Kind: DcntSectionKind.Description }, ..])
            throw new FileFormatException("the first section is not a description: the file is damaged", table.Length);
        description = Description.Read(Section(0));
        plan = new WeightPlan(description, table.Entries, options);
    }

    /// <summary>The weights' names, in order.</summary>
    public IEnumerable<string> WeightNames => description.Weights.Select(w => w.Name);

    /// <summary>Opens a file.</summary>
    /// <exception cref="DecantException">There is no such file, it is not a .dcnt file, needs a newer Decant, or is
    /// damaged.</exception>
    public static DcntReader Open(string path, DcntReadOptions? options = null)
    {
        try
        {
            return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"cannot read {path}: {e.Message}", e);
        }
    }

    /// <summary>Opens a stream that can seek and whose whole length is the file.</summary>
    /// <param name="stream">The stream; disposed with the reader, and if opening fails, unless
    /// <paramref name="leaveOpen"/>.</param>
    /// <param name="options">Limits.</param>
    /// <param name="leaveOpen">Whether the stream stays open.</param>
    /// <exception cref="DecantException">It is not a .dcnt file, needs a newer Decant, or is damaged.</exception>
    public static DcntReader Open(Stream stream, DcntReadOptions? options = null, bool leaveOpen = false)
    {
        try
        {
            return new DcntReader(stream, options ?? DcntReadOptions.Default, leaveOpen);
        }
        catch
        {
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DecantException">As <see cref="Open(string, DcntReadOptions)"/> and
    /// <see cref="ReadNetwork"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public static Network Load(string path, DcntReadOptions? options = null, CancellationToken cancellation = default)
    {
        using DcntReader reader = Open(path, options);
        return reader.ReadNetwork(cancellation);
    }

    /// <summary>Reads one weight.</summary>
    /// <exception cref="DecantException">There is none of this name, or its section is damaged.</exception>
    public Weight ReadWeight(string name)
    {
        int weight = description.Weights.ToList().FindIndex(w => w.Name == name);
        if (weight < 0)
            throw new ModelException($"the file has no weight '{name}'");
        int section = plan.SectionOf(weight);
        var decoded = plan.Decode(section, n => Section(n));
        return new Weight(name, decoded.First(d => d.Weight == weight).Encoding);
    }

    /// <summary>Reads the network.</summary>
    /// <exception cref="DecantException">A section is damaged; it is named.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public Network ReadNetwork(CancellationToken cancellation = default) =>
        description.With(Array.ConvertAll(Decode(cancellation), d => d.Encoding));

    /// <summary>Says where every byte of the file goes; decodes it all to know.</summary>
    /// <exception cref="DecantException">A section is damaged; it is named.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public DcntLayout ReadLayout(CancellationToken cancellation = default) => LayoutOf(Decode(cancellation));

    /// <summary>Reads the network and where its bytes go, decoding once.</summary>
    /// <exception cref="DecantException">A section is damaged; it is named.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public (Network Network, DcntLayout Layout) ReadAll(CancellationToken cancellation = default)
    {
        var decoded = Decode(cancellation);
        return (description.With(Array.ConvertAll(decoded, d => d.Encoding)), LayoutOf(decoded));
    }

    /// <summary>How many bytes each weight takes; only what small weights share is decoded to know.</summary>
    /// <exception cref="DecantException">That section is damaged.</exception>
    public IReadOnlyDictionary<string, long> ReadSizes()
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int s = 1; s < table.Entries.Count; s++)
        {
            if (table.Entries[s].Kind == DcntSectionKind.Weight)
                sizes[description.Weights[plan.WeightsOf(s)[0]].Name] = table.Entries[s].Length;
            else
                foreach (var (weight, _, bytes) in plan.Decode(s, n => Section(n)))
                    sizes[description.Weights[weight].Name] = bytes.Total;
        }
        return sizes;
    }

    private DcntLayout LayoutOf((Encoding Encoding, WeightBytes Bytes)[] decoded)
    {
        var sections = new List<DcntSection>();
        for (int s = 0; s < table.Entries.Count; s++)
        {
            SectionEntry entry = table.Entries[s];
            var weights = plan.WeightsOf(s)
                .Select(w => new DcntWeight(description.Weights[w].Name, decoded[w].Encoding.Kind, decoded[w].Bytes));
            sections.Add(new DcntSection(entry.Kind, entry.Offset, entry.Length, [.. weights]));
        }
        return new DcntLayout(table.Length, sections);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!leaveOpen)
            stream.Dispose();
    }

    private (Encoding Encoding, WeightBytes Bytes)[] Decode(CancellationToken cancellation)
    {
        var result = new (Encoding, WeightBytes)[description.Weights.Length];
        ParallelWork.For(
            table.Entries.Count - 1,
            threads,
            i =>
            {
                foreach (var (weight, encoding, bytes) in plan.Decode(i + 1, n => Section(n)))
                    result[weight] = (encoding, bytes);
            },
            cancellation
        );
        return result;
    }

    /// <summary>A section's bytes, their checksum checked.</summary>
    private byte[] Section(int number)
    {
        SectionEntry entry = table.Entries[number];
        var bytes = new byte[entry.Length];
        lock (gate)
        {
            try
            {
                stream.Position = entry.Offset;
                stream.ReadExactly(bytes);
            }
            catch (IOException e)
            {
                throw new DecantException($"cannot read {bytes.Length} bytes at byte {entry.Offset}: {e.Message}", e);
            }
        }
        if (Crc32.Of(bytes) != entry.Checksum)
            throw new FileFormatException(
                $"{plan?.NameOf(number) ?? "the description"}: its checksum does not fit: the file is damaged",
                entry.Offset
            );
        return bytes;
    }
}
