using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using Decant.Core;

namespace Decant.Tests.Formats.PyTorch;

/// <summary>Writes state dictionaries as torch.save does.</summary>
internal static class StateFile
{
    /// <summary>In the format before PyTorch 1.6.</summary>
    public static byte[] Legacy(IReadOnlyList<KeyValuePair<string, Tensor>> state) =>
        Legacy(State(state), [.. state.Select((s, i) => ($"{i}", s.Value.Count, s.Value.Bytes().ToArray()))]);

    /// <summary>In the format before PyTorch 1.6, around any pickle.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Numbers)[] storages)
    {
        byte[] magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture).ToByteArray();
        var keys = new PickleBytes().Op(']').Op('(');
        foreach (var (key, _, _) in storages)
            keys.Text(key);
        return
        [
            .. new PickleBytes().Op(0x8A, (byte)magic.Length).Op(magic).End(),
            .. new PickleBytes().Integer(1001).End(),
            .. new PickleBytes().Op('}').Op('(').Text("little_endian").Op(0x88).Op('u').End(),
            .. pickle,
            .. keys.Op('e').End(),
            .. storages.SelectMany(s => (byte[])[.. Count(s.Count), .. s.Numbers]),
        ];
    }

    /// <summary>In the format since PyTorch 1.6.</summary>
    public static byte[] Zip(
        IReadOnlyList<KeyValuePair<string, Tensor>> state,
        CompressionLevel level = CompressionLevel.NoCompression,
        string order = "little"
    ) => Zip(State(state), level, order, [.. state.Select((s, i) => ($"{i}", s.Value.Bytes().ToArray()))]);

    /// <summary>In the format since PyTorch 1.6, around any pickle.</summary>
    public static byte[] Zip(
        byte[] pickle,
        CompressionLevel level,
        string order,
        params (string Key, byte[] Numbers)[] storages
    )
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write("archive/data.pkl", pickle);
            Write("archive/byteorder", System.Text.Encoding.ASCII.GetBytes(order));
            foreach (var (key, numbers) in storages)
                Write($"archive/data/{key}", numbers);

            void Write(string name, byte[] content)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    private static byte[] State(IReadOnlyList<KeyValuePair<string, Tensor>> state)
    {
        PickleBytes pickle = new PickleBytes().Global("collections", "OrderedDict").Op(')').Op('R').Op('(');
        for (int i = 0; i < state.Count; i++)
        {
            var (name, tensor) = state[i];
            long[] sizes = [.. tensor.Shape.Dims.Select(d => (long)d)],
                strides = [.. sizes.Select((_, axis) => tensor.Shape.CountFrom(axis + 1))];
            pickle.Text(name).Tensor(TypeName(tensor.Type), $"{i}", tensor.Count, 0, sizes, strides);
        }
        return pickle.Op('u').End();
    }

    private static string TypeName(ElementType type) =>
        type switch
        {
            ElementType.Float32 => "FloatStorage",
            ElementType.Float64 => "DoubleStorage",
            ElementType.Float16 => "HalfStorage",
            ElementType.Int64 => "LongStorage",
            ElementType.Int32 => "IntStorage",
            ElementType.Bool => "BoolStorage",
            _ => throw new ArgumentException($"{type}"),
        };

    private static byte[] Count(long count)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        return bytes;
    }
}
