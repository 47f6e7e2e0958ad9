using System.Buffers.Binary;
using Decant.Core;
using Decant.Data;

namespace Decant.Tests.Reproduce;

/// <summary>A data root whose mnist is a few drawn digits, so that an experiment's short form takes moments.</summary>
internal static class SmallMnist
{
    public static DataRoot Write(string root, int count)
    {
        Directory.CreateDirectory(Path.Combine(root, "mnist"));
        foreach (var (stem, part) in new[] { ("train", DatasetPart.Train), ("t10k", DatasetPart.Test) })
        {
            LabelledImages digits = Digits.Make(count, part: part);
            Save(Path.Combine(root, "mnist", $"{stem}-images-idx3-ubyte"), 3, digits.Images.Bytes(), count, 28, 28);
            Save(
                Path.Combine(root, "mnist", $"{stem}-labels-idx1-ubyte"),
                1,
                [.. digits.Labels.Select(l => (byte)l)],
                count
            );
        }
        return DataRoot.Resolve(root);
    }

    private static void Save(string path, byte rank, ReadOnlySpan<byte> body, params int[] extents)
    {
        byte[] head = new byte[4 + 4 * extents.Length];
        (head[2], head[3]) = (8, rank);
        for (int i = 0; i < extents.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + 4 * i), extents[i]);
        byte[] all = [.. head, .. body];
        AtomicFile.Write(path, stream => stream.Write(all));
    }
}
