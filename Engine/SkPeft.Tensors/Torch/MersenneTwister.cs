namespace SkPeft.Tensors.Torch;

/// <summary>MT19937 (Matsumoto and Nishimura 1998), seeded by <c>init_genrand</c>.</summary>
/// <param name="seed">The seed; its lower 32 bits count.</param>
internal sealed class MersenneTwister(ulong seed)
{
    private const int Size = 624;
    private const int Shift = 397;

    private readonly uint[] _state = Seed((uint)seed);
    private int _next = Size;

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (_next == Size)
        {
            Twist();
            _next = 0;
        }

        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    private static uint[] Seed(uint seed)
    {
        uint[] state = new uint[Size];
        state[0] = seed;
        for (uint i = 1; i < Size; i++)
        {
            uint before = state[i - 1];
            state[i] = (1812433253 * (before ^ (before >> 30))) + i;
        }

        return state;
    }

    private void Twist()
    {
        for (int i = 0; i < Size; i++)
        {
            uint y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Shift) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DF);
        }
    }
}
