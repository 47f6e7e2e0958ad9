namespace Decant.Core;

/// <summary>CRC-32 (IEEE 802.3: reflected polynomial 0xEDB88320), eight bytes a step.</summary>
public static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="start">The checksum of what precedes them; 0 if nothing does.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint start = 0)
    {
        uint crc = ~start;
        uint[] t = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = crc ^ (bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16 | (uint)bytes[3] << 24);
            crc =
                t[0x700 + (byte)low]
                ^ t[0x600 + (byte)(low >> 8)]
                ^ t[0x500 + (byte)(low >> 16)]
                ^ t[0x400 + (low >> 24)]
                ^ t[0x300 + bytes[4]]
                ^ t[0x200 + bytes[5]]
                ^ t[0x100 + bytes[6]]
                ^ t[bytes[7]];
        }
        foreach (byte b in bytes)
            crc = t[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int k = 0; k < 8; k++)
                c = (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1;
            tables[i] = c;
        }
        for (int i = 256; i < tables.Length; i++)
            tables[i] = tables[(byte)tables[i - 256]] ^ tables[i - 256] >> 8;
        return tables;
    }
}
