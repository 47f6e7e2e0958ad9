using System.Buffers.Binary;
using System.Text;

namespace Decant.Tests.Formats.PyTorch;

/// <summary>Writes pickles instruction by instruction, right and wrong ones.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> bytes = [0x80, 2];

    public PickleBytes Op(params byte[] code)
    {
        bytes.AddRange(code);
        return this;
    }

    public PickleBytes Op(char code) => Op((byte)code);

    public PickleBytes Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Number32((uint)utf8.Length).Op(utf8);
    }

    public PickleBytes Number32(uint number)
    {
        var four = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, number);
        return Op(four);
    }

    public PickleBytes Integer(long number)
    {
        var eight = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        return Op(0x8A, 8).Op(eight);
    }

    public PickleBytes Global(string module, string name) => Op('c').Op(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Tuple(params ReadOnlySpan<long> numbers)
    {
        Op('(');
        foreach (long number in numbers)
            Integer(number);
        return Op('t');
    }

    public PickleBytes Storage(string type, string key, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(count).Op('t').Op('Q');

    public PickleBytes Tensor(string type, string key, long count, long offset, long[] sizes, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op('(')
            .Storage(type, key, count)
            .Integer(offset)
            .Tuple(sizes)
            .Tuple(strides)
            .Op(0x89)
            .Global("collections", "OrderedDict")
            .Op(')')
            .Op('R')
            .Op('t')
            .Op('R');

    public byte[] End() => [.. bytes, (byte)'.'];
}
