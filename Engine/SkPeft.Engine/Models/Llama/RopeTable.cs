using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Cosines and sines of rotary positions, [position][headDim/2] (RoFormer, arXiv 2104.09864), grown as positions are reached.</summary>
internal sealed unsafe class RopeTable : IDisposable
{
    private readonly double[] _frequencies;
    private NativeBuffer _cosines = new(0);
    private NativeBuffer _sines = new(0);
    private int _positions;

    /// <param name="frequencies">Radians a position, one for each pair of a head.</param>
    public RopeTable(double[] frequencies) => _frequencies = frequencies;

    public float* Cosines => _cosines.Floats;

    public float* Sines => _sines.Floats;

    /// <summary>Bytes held.</summary>
    public long Bytes => _cosines.Bytes + _sines.Bytes;

    public void Ensure(int positions)
    {
        if (positions <= _positions)
        {
            return;
        }

        int room = Math.Max(positions, Math.Max(256, _positions * 2));
        int half = _frequencies.Length;
        NativeBuffer cosines = new((long)room * half * sizeof(float));
        NativeBuffer sines = new((long)room * half * sizeof(float));
        for (int position = 0; position < room; position++)
        {
            for (int pair = 0; pair < half; pair++)
            {
                // The reference rounds the frequency and the angle to fp32 before it takes the cosine; so do we.
                float angle = position * (float)_frequencies[pair];
                cosines.Floats[((long)position * half) + pair] = (float)Math.Cos(angle);
                sines.Floats[((long)position * half) + pair] = (float)Math.Sin(angle);
            }
        }

        Dispose();
        (_cosines, _sines, _positions) = (cosines, sines, room);
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
