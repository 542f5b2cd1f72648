namespace SkPeft.Http.Admin;

/// <summary>The checksum of zip files (ISO 3309, reflected polynomial 0xEDB88320).</summary>
internal struct Crc32
{
    private static readonly uint[] s_table = MakeTable();
    private uint _inverted;

    public readonly uint Value => _inverted ^ uint.MaxValue;

    public static Crc32 Start() => new() { _inverted = uint.MaxValue };

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _inverted = s_table[(byte)(_inverted ^ b)] ^ (_inverted >> 8);
        }
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
