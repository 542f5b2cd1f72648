namespace SkPeft.Tensors.Kernels;

/// <summary>The last values of a row whose length is no multiple of sixteen.</summary>
internal static unsafe class Partial
{
    private const int Lanes = 16;

    /// <summary>Loads <paramref name="count"/> values; the other lanes are <paramref name="filler"/>.</summary>
    public static T Load<T>(float* from, int count, float filler = 0)
        where T : unmanaged, ILanes<T>
    {
        float* padded = stackalloc float[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            padded[i] = i < count ? from[i] : filler;
        }

        return T.Load(padded);
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    public static void Store<T>(T value, float* to, int count)
        where T : unmanaged, ILanes<T>
    {
        float* padded = stackalloc float[Lanes];
        T.Store(value, padded);
        for (int i = 0; i < count; i++)
        {
            to[i] = padded[i];
        }
    }
}
