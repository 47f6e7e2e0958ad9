using Decant.Core;

namespace Decant.Formats.PyTorch;

/// <summary>What a storage of PyTorch holds.</summary>
/// <param name="Name">The name of its class in the module torch.</param>
/// <param name="Stored">The type whose bytes lie in the file; bfloat16 lies there as 16-bit integers.</param>
/// <param name="Type">The type that it is read as.</param>
internal sealed record StorageType(string Name, ElementType Stored, ElementType Type)
{
    private static readonly StorageType[] All =
    [
        new("FloatStorage", ElementType.Float32), new("DoubleStorage", ElementType.Float64), new("HalfStorage", ElementType.Float16),
        new("BFloat16Storage", ElementType.UInt16, ElementType.Float32), new("LongStorage", ElementType.Int64), new("IntStorage", ElementType.Int32),
        new("ShortStorage", ElementType.Int16), new("CharStorage", ElementType.Int8), new("ByteStorage", ElementType.UInt8), new("BoolStorage", ElementType.Bool),
    ];

    private StorageType(string name, ElementType type) : this(name, type, type) { }

    /// <summary>The storage of a class name; null if it is none that is known.</summary>
    public static StorageType? Find(string name) => Array.Find(All, t => t.Name == name);
}
