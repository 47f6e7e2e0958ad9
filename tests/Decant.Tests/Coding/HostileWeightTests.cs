using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

/// <summary>Bytes of chance in place of a coded weight give a weight of its shape, or are refused.</summary>
public sealed class HostileWeightTests
{
    private const int Streams = 4000;

    public static TheoryData<string> Kinds => [.. Enum.GetNames<WeightKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void BytesOfChanceAreAWeightOrAreRefused(string kind)
    {
        int read = 0;
        for (int i = 0; i < Streams; i++)
        {
            Rng rng = Rng.For(1, kind, i);
            bool dense = kind == nameof(WeightKind.Dense);
            ElementType type = dense ? Tables.Types[rng.Next(Tables.Types.Length)] : ElementType.Float32;
            var codec = new WeightCodec(Enum.Parse<WeightKind>(kind), type, ShapeOf(rng));
            try
            {
                Encoding made = WeightCoding
                    .Decode(codec, Stream(rng, dense ? Enum.GetValues<WeightMethod>().Length : 3), "a weight")
                    .Encoding;
                Assert.Equal(codec.Shape, made.Shape);
                made.Decode();
                read++;
            }
            catch (DecantException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.True(read > 0, "no stream is a weight");
    }

    /// <summary>The only entry is 0, and the mask says that something else is there.</summary>
    [Fact]
    public void ACodebookOfZeroAloneHasNoOtherNumbers()
    {
        byte[]? bytes = null;
        for (int i = 0; i < 100_000 && bytes is null; i++)
        {
            byte[] stream = Stream(Rng.For(2, "zero", i));
            stream[0] = (byte)WeightMethod.Arithmetic;
            if (Refusal(stream).Contains("holds only 0", StringComparison.Ordinal))
                bytes = stream;
        }
        Assert.NotNull(bytes);
    }

    private static string Refusal(byte[] stream)
    {
        try
        {
            WeightCoding.Decode(
                new WeightCodec(WeightKind.CodebookZeroApart, ElementType.Float32, new Shape(3, 4)),
                stream,
                "a weight"
            );
            return "";
        }
        catch (DecantException e)
        {
            return e.Message;
        }
    }

    private static Shape ShapeOf(Rng rng) =>
        rng.Next(3) switch
        {
            0 => new Shape(1 + rng.Next(40)),
            1 => new Shape(1 + rng.Next(8), 1 + rng.Next(8)),
            _ => new Shape(1 + rng.Next(4), 1 + rng.Next(4), 3, 3),
        };

    /// <summary>A method that exists, then bytes of chance, some of them mostly 0 or 255.</summary>
    private static byte[] Stream(Rng rng, int methods = 3)
    {
        var bytes = new byte[1 + rng.Next(60)];
        int bias = rng.Next(3);
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(
                bias == 0 || rng.Next(4) == 0 ? rng.Next(256)
                : bias == 1 ? 0
                : 255
            );
        bytes[0] = (byte)rng.Next(methods);
        return bytes;
    }
}
