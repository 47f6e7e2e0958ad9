using System.Buffers.Binary;
using System.IO.Compression;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// MNIST as published: four IDX files, gzipped or not; 60,000 and 10,000 images 1×28×28 (LeCun, Bottou, Bengio,
/// Haffner 1998).
/// </summary>
internal static class Mnist
{
    public static LabelledImages Read(string folder, DatasetPart part)
    {
        string stem = part == DatasetPart.Train ? "train" : "t10k";
        Tensor images = IdxFile.Read(FileIn(folder, $"{stem}-images-idx3-ubyte"), rank: 3);
        Tensor labels = IdxFile.Read(FileIn(folder, $"{stem}-labels-idx1-ubyte"), rank: 1);
        Shape s = images.Shape;
        return new LabelledImages(
            "mnist",
            images.Reshape(new Shape(s[0], 1, s[1], s[2])),
            Array.ConvertAll(labels.Array<byte>(), b => (int)b),
            10
        );
    }

    private static string FileIn(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path
            : File.Exists(path + ".gz") ? path + ".gz"
            : throw new DataException(
                $"{folder} holds neither {name} nor {name}.gz; `decant data get mnist` fetches all four files"
            );
    }
}

/// <summary>
/// Reads the IDX files of MNIST and its kin, plain or gzipped: a magic number, big-endian extents, then unsigned bytes
/// (LeCun, "The MNIST database").
/// </summary>
public static class IdxFile
{
    // Deflate cannot expand by more than this (RFC 1951: 258 bytes a match, at best 2 bits each).
    private const int MostExpansion = 1032;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; gzip is recognized by its first two bytes.</param>
    /// <param name="rank">How many extents it must have: 1 for labels, 3 for images.</param>
    /// <returns>A UInt8 tensor.</returns>
    /// <exception cref="DataException">The file cannot be opened.</exception>
    /// <exception cref="FileFormatException">It is truncated, damaged, too long or not of this format.</exception>
    public static Tensor Read(string path, int rank)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (!IsGzip(file))
                return ReadBody(file, path, rank, file.Length);
            using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            Tensor tensor = ReadBody(gzip, path, rank, file.Length * MostExpansion);
            CheckTrailer(file, path, 4 + 4 * rank + tensor.Count);
            return tensor;
        }
        catch (InvalidDataException e)
        {
            throw new FileFormatException($"{path}: the gzip data are damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        bool gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return gzip;
    }

    private static Tensor ReadBody(Stream stream, string path, int rank, long mostBytes)
    {
        Shape shape = ReadHeader(stream, path, rank);
        int header = 4 + 4 * rank;
        if (shape.Count > Math.Min(mostBytes - header, Array.MaxLength))
            throw new FileFormatException($"{path}: its header promises {shape} bytes, more than the file can hold", 4);
        var bytes = new byte[shape.Count];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw new FileFormatException(
                $"{path}: truncated: its header promises {shape} bytes, only {read} follow it",
                header + read
            );
        if (stream.ReadByte() >= 0)
            throw new FileFormatException(
                $"{path}: its header promises {shape} bytes, but more follow",
                header + (long)read
            );
        return Tensor.Of(shape, bytes);
    }

    private static Shape ReadHeader(Stream stream, string path, int rank)
    {
        Span<byte> header = stackalloc byte[4 + 4 * rank];
        int read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        uint magic = read >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(header) : 0;
        if (read >= 4 && magic != 0x0800u + (uint)rank)
            throw new FileFormatException(
                $"{path}: the magic number is 0x{magic:X8}; an IDX file of bytes with {rank} extents "
                    + $"begins 0x{0x0800 + rank:X8}",
                0
            );
        if (read < header.Length)
            throw new FileFormatException($"{path}: truncated in its header of {header.Length} bytes", read);
        var dims = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * i)..]);
            dims[i] = extent is > 0 and <= int.MaxValue
                ? (int)extent
                : throw new FileFormatException($"{path}: extent {i} is {extent}", 4 + 4 * i);
        }
        return Checked(path, new Shape(dims));
    }

    private static Shape Checked(string path, Shape shape) =>
        shape.Dims.Aggregate(1.0, (n, d) => n * d) < long.MaxValue
            ? shape
            : throw new FileFormatException(
                $"{path}: its header promises {shape} bytes, more than the file can hold",
                4
            );

    // GZipStream checks the checksum where there is one, but ends quietly where the file is cut inside its last eight
    // bytes.
    private static void CheckTrailer(FileStream file, string path, long length)
    {
        Span<byte> size = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(size);
        if (BinaryPrimitives.ReadUInt32LittleEndian(size) != (uint)length)
            throw new FileFormatException($"{path}: the gzip data are truncated in their trailer", file.Length);
    }
}
