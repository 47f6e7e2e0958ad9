using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The constants of the .dcnt container. A file is: the magic; a version byte; the section table (a varint count; for each section a
/// varint of its length · 4 + its kind, and its CRC-32); the CRC-32 of all before; then the sections, in the order of the table. The
/// first is the description. Weights of few numbers share one section, each other weight has its own, in the network's order.
/// </summary>
public static class DcntFormat
{
    /// <summary>The newest version that this library reads, and the one it writes.</summary>
    public const byte Version = 1;

    /// <summary>Weights of at most so many numbers lie in the shared section.</summary>
    public const int SharedCount = 8192;

    /// <summary>The file name extension, with its dot.</summary>
    public const string Extension = ".dcnt";

    /// <summary>A section of n bytes may hold weights of at most 65,536 + 4,096·n numbers: no few bytes can ask for much memory.</summary>
    public const int NumbersPerByte = 4096, NumbersForFree = 65536;

    internal static ReadOnlySpan<byte> Magic => "DCNT"u8;

    /// <summary>Whether a weight lies in the shared section.</summary>
    internal static bool IsShared(WeightForm form) => form.Shape.Count <= SharedCount;

    /// <summary>The least length of a section of so many numbers.</summary>
    internal static int LeastLength(long numbers) => (int)Math.Min(int.MaxValue, Math.Max(0, numbers - NumbersForFree + NumbersPerByte - 1) / NumbersPerByte);

    /// <summary>The error that a section holds too few bytes for what it is said to hold.</summary>
    internal static FileFormatException TooMany(string section, long numbers, int length) =>
        new($"{section} is said to hold {numbers} numbers in {length} bytes; at least {LeastLength(numbers)} bytes are needed: the file is damaged");
}
