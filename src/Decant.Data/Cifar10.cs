using Decant.Core;

namespace Decant.Data;

/// <summary>
/// CIFAR-10's binary layout: records of one label byte and 3,072 pixel bytes, red, green, blue planes of 32×32
/// (Krizhevsky 2009).
/// </summary>
internal static class Cifar10
{
    private const int Pixels = 3 * 32 * 32,
        Record = 1 + Pixels;

    public static LabelledImages Read(string folder, DatasetPart part)
    {
        string[] files =
            part == DatasetPart.Test
                ? ["test_batch.bin"]
                : [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];
        string[] paths = [.. files.Select(f => Path.Combine(folder, f)).Where(File.Exists)];
        if (paths.Length == 0)
            throw new DataException(
                $"{folder} holds no {files[0]}; `decant data get cifar-10` fetches the binary version"
            );
        int count = paths.Sum(Records);
        var images = new byte[checked(count * Pixels)];
        var labels = new int[count];
        int at = 0;
        foreach (string path in paths)
            at += ReadFile(path, images.AsSpan(at * Pixels), labels.AsSpan(at));
        return new LabelledImages("cifar-10", Tensor.Of(new Shape(count, 3, 32, 32), images), labels, 10);
    }

    private static int Records(string path)
    {
        long length = new FileInfo(path).Length;
        // Ten times the largest file published: beyond it the file is something else.
        if (length is 0 or > 100_000L * Record || length % Record != 0)
            throw new FileFormatException(
                $"{path}: {length} bytes are not a multiple of {Record}-byte records",
                length - length % Record
            );
        return (int)(length / Record);
    }

    private static int ReadFile(string path, Span<byte> images, Span<int> labels)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int records = bytes.Length / Record;
        if (records * Record != bytes.Length || records * Pixels > images.Length)
            throw new DataException($"{path} changed while it was read");
        for (int i = 0; i < records; i++)
        {
            labels[i] = bytes[i * Record] is < 10 and var label
                ? label
                : throw new FileFormatException(
                    $"{path}: record {i} has label {bytes[i * Record]}, which is outside 0..9",
                    (long)i * Record
                );
            bytes.AsSpan(i * Record + 1, Pixels).CopyTo(images[(i * Pixels)..]);
        }
        return records;
    }
}
