using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Writes a network as a .dcnt file. The bytes are the same on every machine, and canonical: writing what was read from
/// a file gives the file again. Codebooks come back sorted, their indices with them; all else comes back as it was.
/// </summary>
public static class DcntWriter
{
    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="DecantException">The file cannot be written, or an encoding cannot be held.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public static void Save(
        Network network,
        string path,
        DcntWriteOptions? options = null,
        CancellationToken cancellation = default
    ) => AtomicFile.Write(path, stream => Write(network, stream, options, cancellation));

    /// <summary>Writes to a stream, which need not seek and is left open.</summary>
    /// <exception cref="DecantException">An encoding cannot be held.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, between weights.</exception>
    public static void Write(
        Network network,
        Stream stream,
        DcntWriteOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        CodedSection[] sections = Encode(network, options ?? DcntWriteOptions.Default, cancellation);
        try
        {
            stream.Write(SectionTable.Write(sections));
            foreach (CodedSection section in sections)
                section.WriteTo(stream);
        }
        finally
        {
            foreach (CodedSection section in sections)
                section.Dispose();
        }
    }

    private static CodedSection[] Encode(Network network, DcntWriteOptions options, CancellationToken cancellation)
    {
        var description = Description.Of(network);
        Encoding[] shared =
        [
            .. network.Weights.Select(w => w.Encoding).Where(e => DcntFormat.IsShared(WeightCodec.Of(e))),
        ];
        Encoding[] own =
        [
            .. network.Weights.Select(w => w.Encoding).Where(e => !DcntFormat.IsShared(WeightCodec.Of(e))),
        ];
        int before = shared.Length > 0 ? 2 : 1;
        var sections = new CodedSection[before + own.Length];
        int[] similar = options.Effort == CodingEffort.Smallest ? SimilarWeights.Find(own) : [];
        sections[0] = new CodedSection(
            DcntSectionKind.Description,
            description.Write(),
            Version: DcntFormat.VersionOf(network)
        );
        ParallelWork.For(
            sections.Length,
            options.Threads,
            i =>
            {
                if (i >= before)
                    sections[i] = WeightCoding.Encode(own[i - before], options.Effort, Similar(i - before));
                else if (i == 1)
                    sections[1] = SharedWeights.Encode(shared, options.Effort);
            },
            cancellation
        );
        return sections;

        (Encoding, int)? Similar(int weight) =>
            similar.Length > 0 && similar[weight] >= 0 ? (own[similar[weight]], weight - similar[weight]) : null;
    }
}
