namespace Decant.Coding;

/// <summary>The order of float32 numbers as unsigned integers: every bit pattern has a key of its own, rising with the number.</summary>
internal static class FloatOrder
{
    public static uint KeyOf(float value) => BitConverter.SingleToUInt32Bits(value) is var b && b >> 31 != 0 ? ~b : b | 0x80000000;

    public static float ValueOf(uint key) => BitConverter.UInt32BitsToSingle(key >> 31 != 0 ? key & 0x7FFFFFFF : ~key);
}
